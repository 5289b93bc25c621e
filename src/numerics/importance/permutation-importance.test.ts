import { describe, expect, it } from 'vitest';
import type { MatrixRows } from '../linear/index.ts';
import { permutationImportance } from './index.ts';

describe('permutationImportance', () => {
  const rows = 400;
  const matrix = Float32Array.from({ length: rows * 3 }, (_, at) => Math.sin(at * 12.9898) * 10);
  const data = { matrix, rows, features: 3, from: 50, to: rows };
  /** The model is 2a + b; it does not use c. Labels are its own predictions, so that the loss is 0 undisturbed. */
  const predict = (of: MatrixRows, row: number): number => 2 * of.matrix[row]! + of.matrix[of.rows + row]!;
  const labels = Float64Array.from({ length: rows - 50 }, (_, row) => predict(data, row + 50));
  const loss = (of: MatrixRows): number =>
    labels.reduce((sum, label, row) => sum + (label - predict(of, of.from + row)) ** 2, 0) / labels.length;

  it('orders features by what the model makes of them, and leaves the data alone', () => {
    const before = matrix.slice();
    const result = permutationImportance({ data, loss, repeats: 5, seed: 1 });
    expect(result.loss).toBe(0);
    // Shuffling x with weight w costs 2 w² Var(x) on average: four times as much for twice the weight.
    expect(result.increase[0]! / result.increase[1]!).toBeGreaterThan(3);
    expect(result.increase[0]! / result.increase[1]!).toBeLessThan(5);
    expect(result.increase[2]).toBe(0);
    expect(result.deviation[0]).toBeGreaterThan(0);
    expect(matrix).toEqual(before);
  });

  it('is the same for the same seed', () => {
    const run = (seed: number) => permutationImportance({ data, loss, repeats: 2, seed });
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
  });
});
