import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../../../test/fixtures/random-numbers.ts';
import {
  type FitGbdtOptions,
  fitGbdt,
  type GbdtModel,
  type Objective,
  type ThreadHost,
} from '../../numerics/gbdt/index.ts';
import { fitThreads } from './fit-threads.ts';

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
function team(threads: number): ThreadHost {
  return {
    ...fitThreads(threads),
    patienceMs: 20_000,
    formed: (size) => expect(size).toBe(threads),
  };
}

function learn(objective: Objective, threads: ThreadHost, changes: Partial<FitGbdtOptions> = {}): GbdtModel {
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
