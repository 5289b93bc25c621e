import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampledShapley } from '../../../src/numerics/importance/index.ts';
import type { MatrixRows } from '../../../src/numerics/linear/index.ts';
import { installPythonPackages } from '../support/python-packages.ts';

const VERSION = '0.48.0';
const installed = installPythonPackages(`shap-${VERSION}`, [`shap==${VERSION}`]);
if (typeof installed === 'string')
  process.stderr.write(`skipped: shap ${VERSION} is missing (${installed})\n`);

const FEATURES = 4;
const tableOf = (rows: number, phase: number): number[][] =>
  Array.from({ length: rows }, (_, row) =>
    Array.from({ length: FEATURES }, (_, feature) =>
      Math.fround(3 * Math.sin(7.31 * row + 2.17 * feature + phase)),
    ),
  );
const matrixFrom = (rows: readonly (readonly number[])[]): MatrixRows => ({
  matrix: Float32Array.from(
    { length: rows.length * FEATURES },
    (_, at) => rows[at % rows.length]![Math.floor(at / rows.length)]!,
  ),
  rows: rows.length,
  features: FEATURES,
  from: 0,
  to: rows.length,
});

/** The same model as in the peer's program. */
function score({ matrix, rows, from, to }: MatrixRows): Float64Array {
  return Float64Array.from({ length: to - from }, (_, index) => {
    const at = (feature: number): number => matrix[feature * rows + from + index]!;
    return 2 * at(0) + at(0) * at(1) - at(2) ** 2 + at(1) * at(3);
  });
}

describe.skipIf(typeof installed === 'string')(`Shapley values beside shap ${VERSION}`, () => {
  it('gives the exact values of a model in which features interact in pairs', () => {
    if (typeof installed === 'string') return;
    const [rows, background] = [tableOf(6, 0.3), tableOf(24, 1.1)];
    const peer = spawnSync(path.join(installed.bin, 'python'), [path.join(import.meta.dirname, 'peer.py')], {
      input: JSON.stringify({ rows, background }),
      encoding: 'utf8',
    });
    expect(peer.status, peer.stderr).toBe(0);
    const theirs: { base: number[]; values: number[][] } = JSON.parse(peer.stdout);
    const data = matrixFrom(rows);
    const own = sampledShapley({ data, background: matrixFrom(background), score, outputs: 1, seed: 1 });
    expect(own.base[0]).toBeCloseTo(theirs.base[0]!, 6);
    for (const [at, value] of theirs.values.flat().entries())
      expect(own.contributions[0]![at]).toBeCloseTo(value, 6);
  }, 120_000);
});
