import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../../../test/fixtures/random-numbers.ts';
import { fitGbdt, predictGbdt } from './index.ts';

const ROWS = 300;
const FEATURES = 4;

interface Leaf {
  readonly rows: readonly number[];
  readonly best: {
    readonly gain: number;
    readonly left: readonly number[];
    readonly right: readonly number[];
  } | null;
}

const sum = (rows: readonly number[], of: (row: number) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

/** One tree for the squared error as textbooks have it: every threshold of every feature by plain sums over rows. */
function plainTree(
  value: (feature: number, row: number) => number,
  label: (row: number) => number,
  { leaves, leastRows, l2 }: { leaves: number; leastRows: number; l2: number },
): Float64Array {
  const score = (rows: readonly number[]): number => sum(rows, label) ** 2 / (rows.length + l2);
  const open = (rows: readonly number[]): Leaf => {
    let best: Leaf['best'] = null;
    const consider = (left: readonly number[], right: readonly number[]): void => {
      if (left.length < leastRows || right.length < leastRows) return;
      const gain = score(left) + score(right) - score(rows);
      if (gain > (best?.gain ?? 1e-9)) best = { gain, left, right };
    };
    for (let feature = 0; feature < FEATURES; feature++) {
      const missing = rows.filter((row) => Number.isNaN(value(feature, row)));
      const present = rows.filter((row) => !Number.isNaN(value(feature, row)));
      consider(present, missing);
      for (const threshold of new Set(present.map((row) => value(feature, row)))) {
        const low = present.filter((row) => value(feature, row) <= threshold);
        const high = present.filter((row) => value(feature, row) > threshold);
        consider(low, [...high, ...missing]);
        consider([...low, ...missing], high);
      }
    }
    return { rows, best };
  };
  const all = [open(Array.from({ length: ROWS }, (_, row) => row))];
  while (all.length < leaves) {
    const most = all.reduce((a, b) => ((b.best?.gain ?? 0) > (a.best?.gain ?? 0) ? b : a));
    if (most.best === null) break;
    all.splice(all.indexOf(most), 1, open(most.best.left), open(most.best.right));
  }
  const predictions = new Float64Array(ROWS);
  for (const { rows } of all)
    for (const row of rows) predictions[row] = sum(rows, label) / (rows.length + l2);
  return predictions;
}

describe('a tree over bins that hold one value each', () => {
  it('is the tree that plain sums over rows give', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 1, max: 1e9 }),
          values: fc.constantFrom(2, 6, 40),
          missing: fc.constantFrom(0, 0.1, 0.5),
          leaves: fc.integer({ min: 2, max: 12 }),
          leastRows: fc.constantFrom(1, 8, 40),
          l2: fc.constantFrom(0, 3),
        }),
        ({ seed, values, missing, ...limits }) => {
          const random = randomNumbers(seed);
          const matrix = Float32Array.from({ length: ROWS * FEATURES }, () =>
            random() < missing ? Number.NaN : Math.floor(random() * values),
          );
          const labels = Float32Array.from(
            { length: ROWS },
            (_, row) => Math.sin(matrix[row]! || 0.3) + (matrix[ROWS + row]! || 2) / values + random(),
          );
          const data = { matrix, rows: ROWS, features: FEATURES, from: 0, to: ROWS };
          const model = fitGbdt({
            data,
            labels,
            validation: { from: ROWS, to: ROWS },
            objective: { kind: 'squared' },
            trees: 1,
            leaves: limits.leaves,
            learningRate: 1,
            minRowsPerLeaf: limits.leastRows,
            l2: limits.l2,
          });
          const [base] = model.baseValues;
          const expected = plainTree(
            (feature, row) => matrix[feature * ROWS + row]!,
            (row) => labels[row]! - base!,
            limits,
          );
          const got = predictGbdt(model, data);
          for (let row = 0; row < ROWS; row++) expect(got[row]! - base!).toBeCloseTo(expected[row]!, 4);
        },
      ),
      { numRuns: 40 },
    );
  });
});
