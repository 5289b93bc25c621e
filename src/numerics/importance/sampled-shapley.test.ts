import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MatrixRows } from '../linear/index.ts';
import { sampledShapley } from './index.ts';

const FEATURES = 4;
type Model = (values: readonly number[]) => readonly number[];

const matrixFrom = (rows: readonly (readonly number[])[]): MatrixRows => ({
  matrix: Float32Array.from(
    { length: rows.length * FEATURES },
    (_, at) => rows[at % rows.length]!.at(Math.floor(at / rows.length))!,
  ),
  rows: rows.length,
  features: FEATURES,
  from: 0,
  to: rows.length,
});
const scoreOf =
  (model: Model) =>
  ({ matrix, rows, from, to }: MatrixRows): Float64Array =>
    Float64Array.from(
      Array.from({ length: to - from }, (_, row) =>
        model(Array.from({ length: FEATURES }, (_, feature) => matrix[feature * rows + from + row]!)),
      ).flat(),
    );
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** The definition itself: every subset of features, over every background row. */
function enumerated(model: Model, row: readonly number[], background: readonly (readonly number[])[]) {
  const worth = (subset: number): number =>
    background.reduce(
      (sum, absent) => sum + model(row.map((value, f) => ((subset >> f) & 1 ? value : absent[f]!)))[0]!,
      0,
    ) / background.length;
  return row.map((_, feature) => {
    let value = 0;
    for (let subset = 0; subset < 1 << FEATURES; subset++) {
      if ((subset >> feature) & 1) continue;
      const size = subset.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(FEATURES - size - 1)) / factorial(FEATURES);
      value += weight * (worth(subset | (1 << feature)) - worth(subset));
    }
    return value;
  });
}

const number = fc.integer({ min: -8, max: 8 });
const rowOf = fc.array(number, { minLength: FEATURES, maxLength: FEATURES });
const tables = fc.record({
  rows: fc.array(rowOf, { minLength: 1, maxLength: 4 }),
  background: fc.array(rowOf, { minLength: 1, maxLength: 6 }),
  seed: fc.nat(),
});
const explain = (
  model: Model,
  { rows, background, seed }: { rows: number[][]; background: number[][]; seed: number },
) =>
  sampledShapley({
    data: matrixFrom(rows),
    background: matrixFrom(background),
    score: scoreOf(model),
    outputs: model(rows[0]!).length,
    seed,
  });
const tangled: Model = (v) => [v[0]! * v[1]! * v[2]! + v[3]!, Math.max(...v), Math.sin(v[0]! + v[3]!)];

describe('sampledShapley', () => {
  it('adds up to the score from the mean score of the background, for every output', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const { base, contributions } = explain(tangled, table);
        for (const [output, ofOutput] of contributions.entries()) {
          const mean =
            table.background.reduce((sum, row) => sum + tangled(row)[output]!, 0) / table.background.length;
          expect(base[output]).toBeCloseTo(mean, 9);
          for (const [index, row] of table.rows.entries()) {
            const own = ofOutput.subarray(index * FEATURES, (index + 1) * FEATURES);
            expect(own.reduce((sum, value) => sum + value, mean)).toBeCloseTo(tangled(row)[output]!, 9);
          }
        }
      }),
    );
  });

  it('is exact where at most two features interact', () => {
    const pairs: Model = (v) => [3 * v[0]! + v[0]! * v[1]! - v[2]! * v[3]! + v[1]! ** 2];
    fc.assert(
      fc.property(tables, (table) => {
        const { contributions } = explain(pairs, table);
        for (const [index, row] of table.rows.entries())
          for (const [feature, value] of enumerated(pairs, row, table.background).entries())
            expect(contributions[0]![index * FEATURES + feature]).toBeCloseTo(value, 8);
      }),
    );
  });

  it('comes close to the definition where three interact, and treats alike what is alike', () => {
    const background = Array.from({ length: 3000 }, (_, at) => [at % 2, (at >> 1) % 2, (at >> 2) % 2, 0]);
    const { contributions } = explain(tangled, { rows: [[2, 2, 2, 1]], background, seed: 5 });
    const exact = enumerated(tangled, [2, 2, 2, 1], background);
    expect(exact[0]).toBeCloseTo(exact[1]!, 9);
    for (const [feature, value] of exact.entries())
      expect(Math.abs(contributions[0]![feature]! - value)).toBeLessThan(0.1);
  });

  it('gives nothing to a feature that the model does not read, or that is the same everywhere', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const same = (rows: number[][]) => rows.map(([a, b, c]) => [a!, b!, c!, 1]);
        const fixed = { ...table, rows: same(table.rows), background: same(table.background) };
        const { contributions } = explain((v) => [v[0]! * v[1]! * v[3]!], fixed);
        for (let row = 0; row < table.rows.length; row++) {
          expect(contributions[0]![row * FEATURES + 2]).toBe(0);
          expect(contributions[0]![row * FEATURES + 3]).toBe(0);
        }
      }),
    );
  });

  it('is the same for the same seed', () => {
    const table = {
      rows: [[1, 2, 3, 4]],
      background: [
        [0, -1, 2, 0],
        [3, 3, 3, 3],
      ],
    };
    expect(explain(tangled, { ...table, seed: 3 })).toEqual(explain(tangled, { ...table, seed: 3 }));
  });
});
