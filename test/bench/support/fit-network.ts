import { readFileSync } from 'node:fs';
import path from 'node:path';
import { networkThreads } from '../../../src/core/training/fit-threads.ts';
import { cpuBackend, createPredictor, fitNetwork } from '../../../src/numerics/network/index.ts';

/**
 * Fits a network to digits.f32 and digits.y of a folder, in a process of its own, and prints what it took as one line of JSON.
 * Arguments: folder, training rows, threads.
 */
const [folder, ...numbers] = process.argv.slice(2) as [string, ...string[]];
const [train, threads] = numbers.map(Number) as [number, number];
const FEATURES = 784;
const CLASSES = 10;
const BATCH_ROWS = 256;

const bytes = readFileSync(path.join(folder, 'digits.f32'));
const matrix = new Float32Array(new SharedArrayBuffer(bytes.length));
new Uint8Array(matrix.buffer).set(bytes);
const labelBytes = readFileSync(path.join(folder, 'digits.y'));
const labels = new Float32Array(labelBytes.buffer, labelBytes.byteOffset, labelBytes.length / 4);
const rows = labels.length;
const data = { matrix, rows, features: FEATURES, from: 0, to: train };

let team = 0;
const backend = cpuBackend({
  ...networkThreads(threads),
  formed: (size) => {
    team = size;
  },
});
const startedAt = performance.now();
const { model } = fitNetwork(
  {
    data,
    labels,
    task: { kind: 'multiclass', classes: CLASSES },
    hidden: [1024, 1024],
    dropout: 0,
    batchNorm: false,
    epochs: 1,
    batchRows: BATCH_ROWS,
    learningRate: 0.001,
    schedule: { kind: 'constant' },
    warmupSteps: 0,
    optimizer: 'adam',
    weightDecay: 0,
    seed: 1,
  },
  {},
  null,
  backend,
);
const fitMs = performance.now() - startedAt;
const predictions = createPredictor(backend, model)(model, { ...data, from: train, to: rows });
backend.close();
let right = 0;
for (let row = train; row < rows; row++) {
  const chances = predictions.subarray((row - train) * CLASSES, (row - train + 1) * CLASSES);
  if (chances.indexOf(Math.max(...chances)) === labels[row]) right++;
}
console.log(
  JSON.stringify({
    fitMs,
    steps: Math.ceil(train / BATCH_ROWS),
    accuracy: right / (rows - train),
    threads: Math.max(1, team),
  }),
);
