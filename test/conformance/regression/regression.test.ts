import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LabelTask } from '../../../src/numerics/labels/index.ts';
import {
  type CoefficientInference,
  fitElasticNet,
  inferCoefficients,
  standardisedColumns,
} from '../../../src/numerics/linear/index.ts';
import { installPythonPackages } from '../support/python-packages.ts';

interface PeerResult {
  readonly rows: number;
  readonly features: number;
  /** Column-major. */
  readonly x: readonly number[];
  readonly weights: readonly number[];
  readonly number: readonly number[];
  readonly binary: readonly number[];
  readonly multi: readonly number[];
  readonly fits: readonly {
    readonly task: LabelTask['kind'];
    readonly l1: number;
    readonly l2: number;
    readonly coefficients: readonly (readonly number[])[];
    readonly intercepts: readonly number[];
  }[];
  readonly leastSquares: Readonly<
    Record<'estimate' | 'standardError' | 'pValue' | 'lower', readonly number[]>
  >;
  readonly logistic: PeerResult['leastSquares'];
}

const peer = runPeer();
const reason = typeof peer === 'string' ? peer : null;
if (reason !== null)
  process.stderr.write(
    `skipped: regression beside scikit-learn, because Python packages are missing (${reason})\n`,
  );

function runPeer(): PeerResult | string {
  const python = installPythonPackages('learners-peers', ['scikit-learn==1.7.2']);
  if (typeof python === 'string') return python;
  const script = path.join(import.meta.dirname, 'peer.py');
  const result = spawnSync(path.join(python.bin, 'python'), ['-W', 'ignore', script], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (result.status !== 0) throw new Error(`peer.py failed:\n${result.stderr}`);
  return JSON.parse(result.stdout) as PeerResult;
}

const dataOf = ({ x, rows, features }: PeerResult) => ({
  matrix: Float32Array.from(x),
  rows,
  features,
  from: 0,
  to: rows,
});

describe.skipIf(reason !== null)('regression beside scikit-learn', () => {
  it('finds the same elastic nets with sample weights, for numbers, yes or no, and classes', () => {
    const problem = peer as PeerResult;
    const columns = standardisedColumns(dataOf(problem), problem.weights);
    for (const { task, l1, l2, coefficients, intercepts } of problem.fits) {
      const kind: LabelTask = task === 'multiclass' ? { kind: task, classes: 3 } : { kind: task };
      const labels = { regression: problem.number, binary: problem.binary, multiclass: problem.multi }[task];
      const fit = fitElasticNet({
        columns,
        labels,
        weights: problem.weights,
        task: kind,
        l1,
        l2,
        tolerance: 1e-9,
      });
      expect(fit.converged).toBe(true);
      const gaps = coefficients.flatMap((output, index) =>
        output.map((value, column) => Math.abs(value - fit.coefficients[index]![column]!)),
      );
      expect(Math.max(...gaps), `${task} l1 ${l1} l2 ${l2}`).toBeLessThan(2e-5);
      // class intercepts are known up to a constant
      const mean = intercepts.reduce((sum, value) => sum + value, 0) / intercepts.length;
      for (const [index, value] of intercepts.entries())
        expect(fit.intercepts[index]!).toBeCloseTo(task === 'multiclass' ? value - mean : value, 4);
    }
  });

  it.each(['regression', 'binary'] as const)(
    'gives the standard errors, p values and limits of the %s',
    (task) => {
      const problem = peer as PeerResult;
      const columns = standardisedColumns(dataOf(problem));
      const labels = task === 'binary' ? problem.binary : problem.number;
      const fit = fitElasticNet({ columns, labels, task: { kind: task }, l1: 0, l2: 0, tolerance: 1e-11 });
      const inference = inferCoefficients(columns, labels, undefined, task, fit);
      const expected = task === 'binary' ? problem.logistic : problem.leastSquares;
      for (const [index, coefficient] of inference.coefficients.entries())
        for (const name of Object.keys(expected) as (keyof CoefficientInference & keyof typeof expected)[]) {
          const value = expected[name][index]!;
          expect(Math.abs(coefficient[name] - value), name).toBeLessThan(
            1e-6 * Math.max(0.01, Math.abs(value)) + 1e-12,
          );
        }
    },
  );
});
