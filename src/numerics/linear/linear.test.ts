import { describe, expect, it } from 'vitest';
import { fitLinear, predictLinear } from './index.ts';

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 4_294_967_296;
  };
}

describe('fitLinear', () => {
  it('finds the coefficients that made the labels', () => {
    const random = generator(1);
    const rows = 20_000;
    const matrix = Float32Array.from({ length: rows * 2 }, (_, index) =>
      index < rows ? random() * 10 : 1000 + random(),
    );
    const labels = Float32Array.from({ length: rows }, (_, row) => {
      const score = -3 + 0.6 * (matrix[row]! - 5) + 2 * (matrix[rows + row]! - 1000.5);
      return random() < 1 / (1 + Math.exp(-score)) ? 1 : 0;
    });
    const data = { matrix, rows, features: 2, from: 0, to: rows };
    const losses: number[] = [];
    const model = fitLinear({
      data,
      labels,
      task: 'binary',
      l2: 0,
      maxIterations: 100,
      onIteration: (_, loss) => losses.push(loss),
    });
    expect(model.weights[0]).toBeCloseTo(0.6, 1);
    expect(Math.abs(model.weights[1]! - 2)).toBeLessThan(0.2);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    expect(losses.length).toBeLessThan(30);
    const mean = predictLinear(model, data).reduce((sum, probability) => sum + probability, 0) / rows;
    expect(mean).toBeCloseTo(labels.reduce((sum, label) => sum + label, 0) / rows, 4);
  });

  it('solves least squares as the normal equations do', () => {
    const matrix = Float32Array.of(1, 2, 3, 4);
    const data = { matrix, rows: 4, features: 1, from: 0, to: 4 };
    const model = fitLinear({ data, labels: [2, 4.1, 5.9, 8], task: 'regression', l2: 0, maxIterations: 50 });
    expect(model.weights[0]).toBeCloseTo(1.98, 5);
    expect(model.intercept).toBeCloseTo(5, 5);
  });

  it('takes a missing value for the mean and ignores a constant feature', () => {
    const matrix = Float32Array.of(0, 1, Number.NaN, 0, 1, 1, 7, 7, 7, 7, 7, 7);
    const data = { matrix, rows: 6, features: 2, from: 0, to: 6 };
    const model = fitLinear({ data, labels: [0, 1, 1, 1, 0, 1], task: 'binary', l2: 1, maxIterations: 100 });
    expect(model.weights[1]).toBe(0);
    const at = (value: number) =>
      predictLinear(model, { matrix: Float32Array.of(value, 7), rows: 1, features: 2, from: 0, to: 1 })[0]!;
    expect(at(Number.NaN)).toBeCloseTo(at(model.means[0]!), 12);
  });
});
