import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../arrays/mulberry32.ts';
import { type DesignColumn, fitElasticNet, inferCoefficients, standardisedColumns } from './index.ts';

const random = mulberry32(4);
const rows = 600;
const matrix = Float32Array.from({ length: rows * 4 }, () => random() * 2 - 1);
const data = { matrix, rows, features: 4, from: 0, to: rows };
const labels = Float64Array.from(
  { length: rows },
  (_, row) => 3 * matrix[row]! - matrix[rows + row]! + random() / 5,
);

describe('fitElasticNet', () => {
  it('drops columns that do not help, and all of them at a large penalty', () => {
    const columns = standardisedColumns(data);
    const some = fitElasticNet({ columns, labels, task: { kind: 'regression' }, l1: 30, l2: 0 });
    expect([...some.coefficients[0]!].map((value) => value !== 0)).toEqual([true, true, false, false]);
    const none = fitElasticNet({ columns, labels, task: { kind: 'regression' }, l1: 1e6, l2: 0 });
    expect(some.violation).toBeLessThanOrEqual(1e-7);
    expect([...none.coefficients[0]!]).toEqual([0, 0, 0, 0]);
  });

  it('counts a row of weight 2 as two rows', () => {
    const twice = Float32Array.from({ length: rows * 8 }, (_, index) => {
      const feature = Math.floor(index / (2 * rows));
      return matrix[feature * rows + (index % rows)]!;
    });
    const binary = Float64Array.from(labels, (label) => (label > 0.1 ? 1 : 0));
    const one = fitElasticNet({
      columns: standardisedColumns(data),
      labels: binary,
      weights: new Float64Array(rows).fill(2),
      task: { kind: 'binary' },
      l1: 2,
      l2: 3,
    });
    const two = fitElasticNet({
      columns: standardisedColumns({ matrix: twice, rows: 2 * rows, features: 4, from: 0, to: 2 * rows }),
      labels: Float64Array.from({ length: 2 * rows }, (_, row) => binary[row % rows]!),
      task: { kind: 'binary' },
      l1: 2,
      l2: 3,
    });
    for (let column = 0; column < 4; column++)
      expect(one.coefficients[0]![column]!).toBeCloseTo(two.coefficients[0]![column]!, 6);
  });

  it('takes fifty thousand categories without a dense matrix, and finds the means of each', () => {
    const categories = 50_000;
    const codes = Int32Array.from({ length: 200_000 }, (_, row) => row % categories);
    const values = Float64Array.from(codes, (code) => (code % 7) - 3);
    const fit = fitElasticNet({
      columns: Array.from({ length: categories }, (_, code): DesignColumn => {
        const rows = Uint32Array.from(
          { length: codes.length / categories },
          (_row, at) => code + at * categories,
        );
        return { kind: 'sparse', rows, values: null };
      }),
      labels: values,
      task: { kind: 'regression' },
      l1: 0,
      l2: 1,
      tolerance: 1e-6,
    });
    // four rows of each category: shrunk by 4 / (4 + 1) towards the intercept
    const at = (code: number): number => fit.coefficients[0]![code]!;
    expect(at(13) - at(7)).toBeCloseTo(6 * 0.8, 3);
  });

  it('survives perfectly separated classes under a penalty', () => {
    const separated = Float64Array.from({ length: rows }, (_, row) => (matrix[row]! > 0 ? 1 : 0));
    const fit = fitElasticNet({
      columns: standardisedColumns(data),
      labels: separated,
      task: { kind: 'binary' },
      l1: 0,
      l2: 1e-3,
    });
    expect(fit.converged).toBe(true);
    expect(fit.coefficients[0]![0]!).toBeGreaterThan(5);
  });

  it.each([
    ['one label only', new Float64Array(rows).fill(1), 'LABEL_UNUSABLE'],
    ['a class that there is not', Float64Array.from(labels, (_, row) => row % 3), 'LABEL_UNUSABLE'],
  ])('refuses %s', (_, bad, code) => {
    const columns = standardisedColumns(data);
    expect(() => fitElasticNet({ columns, labels: bad, task: { kind: 'binary' }, l1: 0, l2: 0 })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('refuses infinite values by feature and row, and standard errors of columns that repeat others', () => {
    const infinite = matrix.slice();
    infinite[rows + 5] = Number.POSITIVE_INFINITY;
    expect(() => standardisedColumns({ ...data, matrix: infinite })).toThrow(/Feature 2 .* row 6/);
    const [column] = standardisedColumns(data);
    const columns = [column!, column!];
    const fit = fitElasticNet({ columns, labels, task: { kind: 'regression' }, l1: 0, l2: 0 });
    expect(() => inferCoefficients(columns, labels, undefined, 'regression', fit)).toThrow(/Column 2/);
  });
});
