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
      task: { kind: 'binary' },
      l2: 0,
      maxIterations: 100,
      onIteration: (_, loss) => losses.push(loss),
    });
    expect(model.weights[0]![0]).toBeCloseTo(0.6, 1);
    expect(Math.abs(model.weights[0]![1]! - 2)).toBeLessThan(0.2);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    expect(losses.length).toBeLessThan(30);
    const mean = predictLinear(model, data).reduce((sum, probability) => sum + probability, 0) / rows;
    expect(mean).toBeCloseTo(labels.reduce((sum, label) => sum + label, 0) / rows, 4);
  });

  it('solves least squares as the normal equations do', () => {
    const matrix = Float32Array.of(1, 2, 3, 4);
    const data = { matrix, rows: 4, features: 1, from: 0, to: 4 };
    const model = fitLinear({
      data,
      labels: [2, 4.1, 5.9, 8],
      task: { kind: 'regression' },
      l2: 0,
      maxIterations: 50,
    });
    expect(model.weights[0]![0]).toBeCloseTo(1.98, 5);
    expect(model.intercepts[0]).toBeCloseTo(5, 5);
  });

  it('takes a missing value for the mean and ignores a constant feature', () => {
    const matrix = Float32Array.of(0, 1, Number.NaN, 0, 1, 1, 7, 7, 7, 7, 7, 7);
    const data = { matrix, rows: 6, features: 2, from: 0, to: 6 };
    const model = fitLinear({
      data,
      labels: [0, 1, 1, 1, 0, 1],
      task: { kind: 'binary' },
      l2: 1,
      maxIterations: 100,
    });
    expect(model.weights[0]![1]).toBe(0);
    const at = (value: number) =>
      predictLinear(model, { matrix: Float32Array.of(value, 7), rows: 1, features: 2, from: 0, to: 1 })[0]!;
    expect(at(Number.NaN)).toBeCloseTo(at(model.means[0]!), 12);
  });

  it.each([0, 0.001])('tells three classes apart by their own scores, with an l1 penalty of %d too', (l1) => {
    const random = generator(3);
    const rows = 6000;
    const matrix = Float32Array.from({ length: rows * 2 }, () => random() * 4 - 2);
    const made = [
      [1, 0],
      [0, 1],
      [-1, -1],
    ];
    const labels = Float32Array.from({ length: rows }, (_, row) => {
      const odds = made.map(([a, b]) => Math.exp(a! * matrix[row]! + b! * matrix[rows + row]!));
      const drawn = random() * (odds[0]! + odds[1]! + odds[2]!);
      return drawn < odds[0]! ? 0 : drawn < odds[0]! + odds[1]! ? 1 : 2;
    });
    const data = { matrix, rows, features: 2, from: 0, to: rows };
    const task = { kind: 'multiclass', classes: 3 } as const;
    const { weights } = fitLinear({ data, labels, task, l1, l2: 0, maxIterations: 200 });
    // Scores are known up to a constant: differences between classes are not.
    for (const [a, b] of [
      [0, 1],
      [0, 2],
    ] as const)
      for (const feature of [0, 1])
        expect(
          Math.abs(weights[a]![feature]! - weights[b]![feature]! - (made[a]![feature]! - made[b]![feature]!)),
        ).toBeLessThan(0.2);
    const model = fitLinear({ data, labels, task, l1, l2: 0, maxIterations: 200 });
    const chances = predictLinear(model, { ...data, to: 1 });
    expect(chances.length).toBe(3);
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
  });

  it.each([0, 0.01])('counts a row of weight 2 as that row twice, with an l1 penalty of %d too', (l1) => {
    const values = [0.5, 1.5, 2, 3, 4.5, 6, 1];
    const own = [0, 0, 1, 0, 1, 1, 1];
    const times = [1, 2, 1, 3, 0, 1, 1];
    const twice = <T>(list: readonly T[]): T[] =>
      list.flatMap((value, row) => new Array<T>(times[row]!).fill(value));
    const learn = (list: readonly number[], labels: readonly number[], weights?: readonly number[]) =>
      fitLinear({
        data: { matrix: Float32Array.from(list), rows: list.length, features: 1, from: 0, to: list.length },
        labels,
        weights,
        task: { kind: 'binary' },
        l1,
        l2: 0.1,
        maxIterations: 200,
      });
    const [weighted, repeated] = [learn(values, own, times), learn(twice(values), twice(own))];
    expect(weighted.weights[0]![0]).toBeCloseTo(repeated.weights[0]![0]!, 3);
    expect(weighted.intercepts[0]).toBeCloseTo(repeated.intercepts[0]!, 3);
  });

  it.each([
    ['a label of one value', { labels: [1, 1, 1] }, 'LABEL_UNUSABLE'],
    ['a weight below 0', { weights: [1, -1, 1] }, 'BAD_INPUT'],
    ['rows that do not count', { weights: [0, 0, 0] }, 'NO_ROWS'],
  ])('refuses %s', (_, changes, code) => {
    const data = { matrix: Float32Array.of(1, 2, 3), rows: 3, features: 1, from: 0, to: 3 };
    const options = { data, labels: [0, 1, 1], task: { kind: 'binary' }, l2: 1, maxIterations: 9 } as const;
    expect(() => fitLinear({ ...options, ...changes })).toThrow(expect.objectContaining({ code }));
    const wild = { ...data, matrix: Float32Array.of(1, Number.POSITIVE_INFINITY, 0) };
    expect(() => fitLinear({ ...options, data: wild })).toThrow(/infinite/);
  });
});
