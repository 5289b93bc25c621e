import { describe, expect, it } from 'vitest';
import { auc } from '../../../test/fixtures/plain-metrics.ts';
import { mulberry32 } from '../arrays/mulberry32.ts';
import {
  cpuBackend,
  fitNetwork,
  type NetworkCheckpoint,
  type NetworkOptions,
  predictNetwork,
} from './index.ts';
import { fitInputs } from './input.ts';
import { batchLoss } from './losses.ts';
import { createParameters } from './parameters.ts';
import { createTrainingPass } from './training-pass.ts';

const rows = 3000;
const random = mulberry32(9);
const matrix = Float32Array.from({ length: rows * 3 }, (_, index) =>
  index >= 2 * rows ? Math.floor(random() * 12) : index % 41 === 0 ? Number.NaN : random() * 4 - 2,
);
/** Yes inside a ring, the other way round in odd categories: nothing that a line could tell. */
const labels = Float32Array.from({ length: rows }, (_, row) => {
  const radius = (matrix[row]! || 0) ** 2 + (matrix[rows + row]! || 0) ** 2;
  return radius < 1.8 === (matrix[2 * rows + row]! % 2 === 0) ? 1 : 0;
});
const options: NetworkOptions = {
  data: { matrix, rows, features: 3, from: 0, to: 2200 },
  validation: { from: 2200, to: 2600 },
  labels,
  task: { kind: 'binary' },
  categories: [0, 0, 12],
  hidden: [32, 16],
  dropout: 0.1,
  batchNorm: true,
  epochs: 25,
  batchRows: 64,
  learningRate: 0.01,
  schedule: { kind: 'cosine' },
  warmupSteps: 20,
  optimizer: 'adamw',
  weightDecay: 0.001,
  seed: 3,
};
const test = { ...options.data, from: 2600, to: rows };

describe('products of matrices', () => {
  it.each([
    [1, 1, 1],
    [5, 9, 3],
    [67, 13, 300],
    [4, 8, 513],
  ])('agree with sums of products for %i × %i over %i, transposed or not', (m, n, k) => {
    const backend = cpuBackend();
    const fill = (length: number) => backend.allocate(length).map(() => random() - 0.5);
    const own = (values: Float32Array) => {
      const copy = backend.allocate(values.length);
      copy.set(values);
      return copy;
    };
    const [a, b, c] = [own(fill(m * k)), own(fill(k * n)), backend.allocate(m * n)];
    for (const transposed of [false, true]) {
      backend.multiply(
        { values: a, rows: m, columns: k, transposed },
        { values: b, rows: k, columns: n, transposed },
        { values: c, rows: m, columns: n },
      );
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let p = 0; p < k; p++)
            sum += a[transposed ? p * m + i : i * k + p]! * b[transposed ? j * k + p : p * n + j]!;
          expect(c[i * n + j]!).toBeCloseTo(sum, 4);
        }
    }
  });
});

describe('gradients', () => {
  it.each([
    [{ kind: 'binary' } as const, true],
    [{ kind: 'multiclass', classes: 2 } as const, false],
    [{ kind: 'regression' } as const, true],
  ])('of %j are those that small changes show', (task, batchNorm) => {
    const backend = cpuBackend();
    const inputs = fitInputs(options.data, [0, 0, 12]);
    const parameters = createParameters(
      backend,
      inputs,
      [7, 5],
      task.kind === 'multiclass' ? 2 : 1,
      batchNorm,
      5,
    );
    const pass = createTrainingPass(backend, options.data, inputs, parameters, 0, 50);
    const batch = Uint32Array.from({ length: 50 }, (_, row) => row * 3);
    const loss = (): number =>
      batchLoss(
        task,
        labels,
        undefined,
        { mean: 0.5, deviation: 0.5 },
        batch,
        pass.forward(batch, 1),
        pass.scoreGradient,
      ).loss / batch.length;
    loss();
    pass.backward();
    const analytic = parameters.all.map(({ gradients }) => gradients.slice());
    const gaps: number[] = [];
    for (const [index, { parameters: values }] of parameters.all.entries())
      for (let at = 0; at < values.length; at += Math.ceil(values.length / 5)) {
        const kept = values[at]!;
        values[at] = kept + 0.004;
        const above = loss();
        values[at] = kept - 0.004;
        const below = loss();
        values[at] = kept;
        gaps.push(Math.abs((above - below) / 0.008 - analytic[index]![at]!));
      }
    // a ReLU's corner within a change's reach may spoil a few
    expect(gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.9)]!).toBeLessThan(2e-3);
    expect(Math.max(...analytic.flatMap((values) => [...values].map(Math.abs)))).toBeGreaterThan(0.02);
  });
});

describe('fitNetwork', () => {
  it('learns what no line can tell, from numbers with gaps and categories', () => {
    const losses: number[] = [];
    const { model } = fitNetwork(options, { onEpoch: (_, loss) => losses.push(loss) });
    expect(auc(labels.subarray(2600), predictNetwork(model, test))).toBeGreaterThan(0.95);
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
  });

  it('learns numbers in their own scale', () => {
    const numbers = Float32Array.from(
      { length: rows },
      (_, row) => 5000 + 300 * Math.sin(2 * (matrix[row]! || 0)),
    );
    const { model } = fitNetwork({ ...options, labels: numbers, task: { kind: 'regression' }, dropout: 0 });
    const predictions = predictNetwork(model, test);
    const error =
      predictions.reduce((sum, value, row) => sum + Math.abs(value - numbers[2600 + row]!), 0) / 400;
    expect(error).toBeLessThan(60);
  });

  it('gives the same bits again, and from any checkpoint', () => {
    const checkpoints: NetworkCheckpoint[] = [];
    let batch = 0;
    const whole = fitNetwork(options, {
      checkpointDue: () => ++batch % 97 === 0,
      onCheckpoint: (checkpoint) => checkpoints.push(checkpoint),
    });
    expect(checkpoints.length).toBeGreaterThan(5);
    expect(fitNetwork(options)).toEqual(whole);
    for (const checkpoint of [checkpoints[0]!, checkpoints.at(-1)!])
      expect(fitNetwork(options, {}, structuredClone(checkpoint))).toEqual(whole);
    expect(fitNetwork({ ...options, seed: 4 }).model).not.toEqual(whole.model);
  });

  it('stops early and keeps the best epoch', () => {
    const noise = Float32Array.from({ length: rows }, () => (random() < 0.5 ? 1 : 0));
    const fit = fitNetwork({ ...options, labels: noise, epochs: 200, earlyStopping: 3 });
    expect(fit.epochs).toBeLessThan(60);
    expect(fit.bestEpoch).toBe(fit.epochs - 3);
  });

  it.each([
    ['a label of one value', { labels: new Float32Array(rows).fill(1) }, 'LABEL_UNUSABLE'],
    ['a million categories', { categories: [0, 0, 10_000_000] }, 'TOO_LARGE'],
    ['a dropout of all', { dropout: 1 }, 'BAD_INPUT'],
    [
      'infinite values',
      { data: { ...options.data, matrix: matrix.slice().fill(Infinity, 7, 8) } },
      'BAD_INPUT',
    ],
    ['a learning rate that explodes', { learningRate: 1e30, batchNorm: false, warmupSteps: 0 }, 'BAD_INPUT'],
  ])('refuses %s', (_, changes, code) => {
    expect(() => fitNetwork({ ...options, ...changes })).toThrow(expect.objectContaining({ code }));
  });

  it('learns around a column that is all missing', () => {
    const gaps = matrix.slice().fill(Number.NaN, rows, 2 * rows);
    const { model } = fitNetwork({ ...options, data: { ...options.data, matrix: gaps }, epochs: 2 });
    expect(predictNetwork(model, { ...test, matrix: gaps }).every(Number.isFinite)).toBe(true);
  });

  it('refuses the checkpoint of another network', () => {
    let checkpoint: NetworkCheckpoint | null = null;
    fitNetwork(
      { ...options, epochs: 1 },
      { checkpointDue: () => true, onCheckpoint: (one) => (checkpoint = one) },
    );
    expect(() => fitNetwork({ ...options, hidden: [8] }, {}, checkpoint)).toThrow(/another shape/);
  });
});
