import { describe, expect, it } from 'vitest';
import { auc } from '../../../test/fixtures/plain-metrics.ts';
import { type FitGbdtOptions, fitGbdt, predictGbdt } from './index.ts';

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 4_294_967_296;
  };
}

/** Three features, the second with missing values that mean something, the third noise. */
function problem(rows: number, seed = 3) {
  const random = generator(seed);
  const matrix = new Float32Array(rows * 3);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const [a, b, noise] = [random(), random(), random()];
    const missing = random() < 0.2;
    matrix[row] = a;
    matrix[rows + row] = missing ? Number.NaN : b;
    matrix[2 * rows + row] = noise;
    const score = 4 * Math.sin(6 * a) + (missing ? 1.5 : 3 * b - 2);
    labels[row] = random() < 1 / (1 + Math.exp(-score)) ? 1 : 0;
  }
  return { matrix, labels, rows };
}

const settings = { trees: 60, leaves: 15, learningRate: 0.15, minRowsPerLeaf: 20, l2: 0 } as const;

function learn(rows: number, changes: Partial<FitGbdtOptions> = {}) {
  const { matrix, labels } = problem(rows);
  const train = Math.floor(rows * 0.7);
  const validationEnd = Math.floor(rows * 0.8);
  const data = { matrix, rows, features: 3, from: 0, to: train };
  const model = fitGbdt({
    data,
    labels,
    validation: { from: train, to: validationEnd },
    objective: { kind: 'binary' },
    ...settings,
    ...changes,
  });
  const testRows = { ...data, from: validationEnd, to: rows };
  return {
    model,
    matrix,
    labels: labels.subarray(validationEnd),
    predictions: predictGbdt(model, testRows),
    data,
  };
}

describe('fitGbdt', () => {
  it('learns a curve and what a missing value means', () => {
    const { model, labels, predictions, data } = learn(20_000);
    expect(auc(labels, predictions)).toBeGreaterThan(0.9);
    expect(model.importance.gain[0]).toBeGreaterThan(model.importance.gain[1]!);
    expect(model.importance.gain[1]).toBeGreaterThan(3 * model.importance.gain[2]!);
    const at = (a: number, b: number) =>
      predictGbdt(model, { ...data, matrix: Float32Array.of(a, b, 0.5), rows: 1, from: 0, to: 1 })[0]!;
    expect(at(0.26, Number.NaN)).toBeGreaterThan(at(0.26, 0.05));
    expect(at(0.26, 0.5)).toBeGreaterThan(0.9);
    expect(at(0.78, 0.5)).toBeLessThan(0.1);
  });

  it('lowers the training loss with every tree, and tells the losses that its predictions have', () => {
    const losses: number[] = [];
    const { model, matrix, data } = learn(5003, { onTree: (_, loss) => losses.push(loss) });
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    const { labels } = problem(5003);
    const predictions = predictGbdt(model, { ...data, matrix });
    const loss =
      predictions.reduce((sum, chance, row) => sum - Math.log(labels[row] === 1 ? chance : 1 - chance), 0) /
      predictions.length;
    expect(losses.at(-1)).toBeCloseTo(loss, 5);
  });

  it('gives the same trees again', () => {
    expect(learn(3000).model).toEqual(learn(3000).model);
  });

  it('stops when the validation rows gain no more, and keeps the best', () => {
    const held: number[] = [];
    const { model } = learn(1500, {
      trees: 500,
      earlyStopping: 10,
      onTree: (_, __, loss) => held.push(loss!),
    });
    expect(held.length).toBeLessThan(500);
    expect(model.trees.length).toBe(held.indexOf(Math.min(...held)) + 1);
    expect(held.length - model.trees.length).toBe(10);
  });

  it('keeps leaves from becoming too small, and grows no more of them than it may', () => {
    const { model } = learn(2000, { leaves: 6 });
    for (const tree of model.trees)
      expect(Array.from(tree.feature).filter((feature) => feature < 0).length).toBeLessThanOrEqual(6);
    const alone = learn(100, { minRowsPerLeaf: 60 });
    expect(alone.model.trees).toEqual([]);
    expect(new Set(alone.predictions).size).toBe(1);
  });

  it('follows a numeric label', () => {
    const { matrix } = problem(4000);
    const labels = Float32Array.from({ length: 4000 }, (_, row) => 10 + 5 * Math.sin(6 * matrix[row]!));
    const data = { matrix, rows: 4000, features: 3, from: 0, to: 4000 };
    const model = fitGbdt({
      data,
      labels,
      validation: { from: 4000, to: 4000 },
      objective: { kind: 'squared' },
      ...settings,
    });
    const worst = predictGbdt(model, data).reduce(
      (largest, value, row) => Math.max(largest, Math.abs(value - labels[row]!)),
      0,
    );
    expect(worst).toBeLessThan(0.6);
  });
});
