import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../../../test/fixtures/random-numbers.ts';
import {
  type FitGbdtOptions,
  type FitTask,
  fitGbdt,
  type GbdtModel,
  type Objective,
} from '../../numerics/gbdt/index.ts';
import {
  cpuBackend,
  createPredictor,
  fitNetwork,
  type NetworkOptions,
  type NetworkTask,
} from '../../numerics/network/index.ts';
import type { ThreadHost } from '../../numerics/threads/index.ts';
import { fitThreads, networkThreads } from './fit-threads.ts';

const ROWS = 30_000;
const FEATURES = 10;

/** Numbers, some missing; feature 0 a category of 40. In shared memory, as a training has it. */
function problem(classes: number) {
  const random = randomNumbers(11);
  const matrix = new Float32Array(new SharedArrayBuffer(ROWS * FEATURES * 4));
  const labels = new Float32Array(ROWS);
  const weights = new Float32Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    for (let feature = 0; feature < FEATURES; feature++)
      matrix[feature * ROWS + row] =
        feature === 0 ? Math.floor(random() * 40) : random() < 0.05 ? Number.NaN : random() * 10;
    const score = Math.sin(matrix[row]!) + Math.cos(matrix[ROWS + row]! || 1) + random();
    labels[row] = Math.min(classes - 1, Math.max(0, Math.floor((score + 1) * (classes / 4))));
    weights[row] = random() * 3;
  }
  return { matrix, labels, weights };
}

/** Threads that are all waited for, however busy the machine is. */
function team(threads: number): ThreadHost<FitTask> {
  return {
    ...fitThreads(threads),
    patienceMs: 20_000,
    formed: (size) => expect(size).toBe(threads),
  };
}

function learn(
  objective: Objective,
  threads: ThreadHost<FitTask>,
  changes: Partial<FitGbdtOptions> = {},
): GbdtModel {
  const { matrix, labels, weights } = problem(objective.kind === 'multiclass' ? objective.classes : 2);
  return fitGbdt(
    {
      data: { matrix, rows: ROWS, features: FEATURES, from: 0, to: 25_001 },
      validation: { from: 25_001, to: ROWS },
      labels,
      weights,
      objective,
      categorical: [true],
      trees: 8,
      leaves: 31,
      learningRate: 0.2,
      minRowsPerLeaf: 20,
      l2: 1,
      rowSampling: 0.8,
      columnSampling: 0.7,
      seed: 5,
      ...changes,
    },
    threads,
  );
}

describe('threads that help to grow trees', () => {
  it.each([
    { kind: 'binary' },
    { kind: 'multiclass', classes: 3 },
    { kind: 'absolute' },
    { kind: 'poisson' },
  ] as const)('change nothing of a model of $kind loss, bit for bit', (objective) => {
    const alone = learn(objective, team(1));
    expect(alone.trees.length).toBe(8 * alone.outputs);
    expect(alone.trees.some(({ categories }) => categories.some((one) => one !== null))).toBe(true);
    for (const threads of [2, 3, 5]) expect(learn(objective, team(threads))).toEqual(alone);
  });

  it('change nothing without weights and sampling, and report the same losses', () => {
    const losses = (threads: number) => {
      const all: (number | null)[] = [];
      learn({ kind: 'binary' }, team(threads), {
        weights: undefined,
        rowSampling: 1,
        columnSampling: 1,
        onTree: (_, a, b) => all.push(a, b),
      });
      return all;
    };
    expect(losses(4)).toEqual(losses(1));
  });

  it('learn alone where the matrix is not shared', () => {
    const { matrix } = problem(2);
    const data = { matrix: Float32Array.from(matrix), rows: ROWS, features: FEATURES, from: 0, to: 25_001 };
    expect(learn({ kind: 'binary' }, fitThreads(4), { data })).toEqual(learn({ kind: 'binary' }, team(1)));
  });

  it('are not waited for when they never come', () => {
    const absent = { ...fitThreads(4), start: () => undefined, patienceMs: 10 };
    expect(learn({ kind: 'binary' }, absent)).toEqual(learn({ kind: 'binary' }, team(1)));
  });
});

describe('a network on several threads', () => {
  const { matrix, labels } = problem(2);
  const options: NetworkOptions = {
    data: { matrix, rows: ROWS, features: FEATURES, from: 0, to: 4000 },
    validation: { from: 4000, to: 5000 },
    labels,
    task: { kind: 'binary' },
    categories: [40, ...Array.from({ length: FEATURES - 1 }, () => 0)],
    hidden: [192, 64],
    dropout: 0.1,
    batchNorm: true,
    epochs: 2,
    batchRows: 256,
    learningRate: 0.003,
    optimizer: 'adamw',
    weightDecay: 0.01,
    schedule: { kind: 'constant' },
    warmupSteps: 0,
    seed: 7,
  };
  const learnOn = (host?: ThreadHost<NetworkTask>) => {
    const backend = cpuBackend(host);
    try {
      const { model } = fitNetwork(options, {}, null, backend);
      const predictions = createPredictor(backend, model)(model, { ...options.data, from: 4000, to: ROWS });
      return { model, predictions };
    } finally {
      backend.close();
    }
  };
  const alone = learnOn();

  it.each([2, 3, 5])('has the same bits with %i', (threads) => {
    let formed = 0;
    const host = {
      ...networkThreads(threads),
      patienceMs: 20_000,
      formed: (size: number) => {
        formed = size;
      },
    };
    expect(learnOn(host)).toEqual(alone);
    expect(formed).toBe(threads);
  });

  it('goes on without threads that never come', () => {
    expect(learnOn({ ...networkThreads(4), start: () => undefined, patienceMs: 10 })).toEqual(alone);
  });
});
