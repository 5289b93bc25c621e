import { mulberry32 } from '../../../../src/numerics/arrays/mulberry32.ts';
import type { NetworkOptions } from '../../../../src/numerics/network/index.ts';

const ROWS = 420;
const CATEGORIES = [0, 0, 0, 11, 5];
const random = mulberry32(5);

/** Three numbers with gaps, two categories with unknown ones, and labels that follow from them. */
const matrix = Float32Array.from({ length: ROWS * CATEGORIES.length }, (_, at) => {
  const feature = Math.floor(at / ROWS);
  if (CATEGORIES[feature]! > 0) return Math.floor(random() * (CATEGORIES[feature]! + 1));
  return at % 37 === 0 ? Number.NaN : 4 * random() - 2;
});
const signal = (row: number): number =>
  (matrix[row]! || 0) * (matrix[ROWS + row]! || 0) + Math.sin(matrix[3 * ROWS + row]!);
const weights = Float32Array.from({ length: ROWS }, () => 0.5 + random());

const base: NetworkOptions = {
  data: { matrix, rows: ROWS, features: CATEGORIES.length, from: 0, to: 300 },
  validation: { from: 300, to: 420 },
  labels: Float32Array.from({ length: ROWS }, (_, row) => (signal(row) > 0 ? 1 : 0)),
  task: { kind: 'binary' },
  categories: CATEGORIES,
  hidden: [70, 33],
  dropout: 0,
  batchNorm: false,
  epochs: 2,
  batchRows: 64,
  learningRate: 0.003,
  schedule: { kind: 'constant' },
  warmupSteps: 0,
  optimizer: 'adamw',
  weightDecay: 0.01,
  seed: 4,
};

/** The case whose checkpoints are gone on from, on either device. */
export const RESUMED_CASE = 'batch normalisation with dropout and weights';

/** Everything a network may be told, in few cases. */
export const NETWORK_CASES: Readonly<Record<string, NetworkOptions>> = {
  'a binary label': base,
  'many classes, dropout and Adam with a penalty': {
    ...base,
    labels: Float32Array.from({ length: ROWS }, (_, row) =>
      Math.min(3, Math.max(0, Math.round(signal(row) + 1))),
    ),
    task: { kind: 'multiclass', classes: 4 },
    dropout: 0.3,
    optimizer: 'adam',
    schedule: { kind: 'cosine' },
    warmupSteps: 5,
  },
  'a weighed number': {
    ...base,
    labels: Float32Array.from({ length: ROWS }, (_, row) => 500 + 40 * signal(row)),
    weights,
    task: { kind: 'regression' },
    schedule: { kind: 'step', epochs: 1, factor: 0.5 },
  },
  'batch normalisation with dropout and weights': { ...base, batchNorm: true, dropout: 0.2, weights },
  'categories alone': { ...base, categories: [8, 8, 8, 11, 5], hidden: [16] },
  'numbers alone, in batches that leave a rest': {
    ...base,
    categories: [],
    batchRows: 101,
    hidden: [130, 65, 3],
  },
  'no hidden layer': { ...base, hidden: [] },
};
