import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type FitGbdtOptions,
  fitGbdt,
  type GbdtModel,
  type Objective,
  predictGbdtOutputs,
} from '../../../src/numerics/gbdt/index.ts';
import { auc } from '../../fixtures/plain-metrics.ts';
import { installPythonPackages } from '../support/python-packages.ts';

interface PeerResult {
  readonly name: string;
  readonly rows: number;
  readonly train: number;
  readonly features: number;
  readonly objective: Objective;
  readonly categorical: readonly boolean[];
  readonly monotone: readonly number[];
  readonly weighted: boolean;
  readonly settings: Pick<FitGbdtOptions, 'trees' | 'leaves' | 'learningRate' | 'minRowsPerLeaf' | 'l2'>;
  /** LightGBM's, on the test rows; lower is better. */
  readonly score: number;
}

/** What we may be worse than LightGBM by: 1 − AUC, log loss in nats, else a share of its loss. */
const TOLERANCE = { auc: 0.01, logLoss: 0.03, share: 0.03 };

const folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-trees-'));
afterAll(() => rmSync(folder, { recursive: true }));

const peer = runPeer();
const reason = typeof peer === 'string' ? peer : null;
if (reason !== null)
  process.stderr.write(
    `skipped: boosted trees beside LightGBM, because Python packages are missing (${reason})\n`,
  );

function runPeer(): PeerResult[] | string {
  const python = installPythonPackages('gbdt-peers', ['lightgbm==4.7.0', 'scikit-learn==1.9.1']);
  if (typeof python === 'string') return python;
  const script = path.join(import.meta.dirname, 'peer.py');
  const result = spawnSync(path.join(python.bin, 'python'), [script, folder], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`peer.py failed:\n${result.stderr}`);
  return JSON.parse(result.stdout.trim().split('\n').at(-1)!) as PeerResult[];
}

const floats = (name: string): Float32Array => {
  const bytes = readFileSync(path.join(folder, name));
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
};

function learn(of: PeerResult): { model: GbdtModel; score: number } {
  const labels = floats(`${of.name}.y`);
  const data = {
    matrix: floats(`${of.name}.f32`),
    rows: of.rows,
    features: of.features,
    from: 0,
    to: of.train,
  };
  const model = fitGbdt({
    ...of.settings,
    data,
    labels,
    weights: of.weighted ? floats(`${of.name}.w`) : undefined,
    validation: { from: of.train, to: of.train },
    objective: of.objective,
    categorical: of.categorical,
    monotone: of.monotone.length === 0 ? undefined : of.monotone,
  });
  const predictions = predictGbdtOutputs(model, { ...data, from: of.train, to: of.rows });
  return { model, score: scoreOf(of.objective, labels.subarray(of.train), predictions) };
}

/** The measures of peer.py. */
function scoreOf(objective: Objective, labels: Float32Array, outputs: readonly Float64Array[]): number {
  const [first] = outputs as [Float64Array];
  const mean = (of: (label: number, prediction: number, row: number) => number): number =>
    labels.reduce((sum, label, row) => sum + of(label, first[row]!, row), 0) / labels.length;
  switch (objective.kind) {
    case 'binary':
      return 1 - auc(labels, first);
    case 'multiclass':
      return mean((label, _, row) => -Math.log(outputs[label]![row]!));
    case 'squared':
      return Math.sqrt(mean((label, value) => (label - value) ** 2));
    case 'poisson':
      return mean(
        (label, value) => 2 * ((label === 0 ? 0 : label * Math.log(label / value)) - label + value),
      );
    case 'quantile':
      return mean((label, value) =>
        label > value ? objective.alpha * (label - value) : (1 - objective.alpha) * (value - label),
      );
    case 'absolute':
    case 'huber':
      return mean((label, value) => Math.abs(label - value));
  }
}

function allowed({ objective, score }: PeerResult): number {
  if (objective.kind === 'binary') return score + TOLERANCE.auc;
  if (objective.kind === 'multiclass') return score + TOLERANCE.logLoss;
  return score * (1 + TOLERANCE.share);
}

describe.skipIf(reason !== null)('boosted trees beside LightGBM', () => {
  const results = typeof peer === 'string' ? [] : peer;

  it.each(results)('are as good on $name', (of) => {
    const { score } = learn(of);
    expect(score, `LightGBM ${of.score}, ours ${score}`).toBeLessThanOrEqual(allowed(of));
    // A score far better would be a sign of a leak or of another measure.
    expect(score).toBeGreaterThan(of.score * 0.6 - 0.01);
  });
});
