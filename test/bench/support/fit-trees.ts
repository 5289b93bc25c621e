import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fitThreads } from '../../../src/core/training/fit-threads.ts';
import { fitGbdt, predictGbdt } from '../../../src/numerics/gbdt/index.ts';
import { auc, logLoss } from '../../fixtures/plain-metrics.ts';

/**
 * Fits trees to NAME.f32 and NAME.y of a folder, in a process of its own, and prints what it took as one line of JSON.
 * Arguments: folder, name, training rows, features, threads.
 */
const [folder, name, ...numbers] = process.argv.slice(2) as [string, string, ...string[]];
const [train, features, threads] = numbers.map(Number) as [number, number, number];
const SETTINGS = { trees: 100, leaves: 31, learningRate: 0.1, minRowsPerLeaf: 20, l2: 0 };

const bytes = readFileSync(path.join(folder, `${name}.f32`));
const matrix = new Float32Array(new SharedArrayBuffer(bytes.length));
new Uint8Array(matrix.buffer).set(bytes);
const labelBytes = readFileSync(path.join(folder, `${name}.y`));
const labels = new Float32Array(labelBytes.buffer, labelBytes.byteOffset, labelBytes.length / 4);
const rows = labels.length;
const data = { matrix, rows, features, from: 0, to: train };

let [trainLoss, team] = [Number.NaN, 0];
const before = process.memoryUsage().rss;
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const model = fitGbdt(
  {
    ...SETTINGS,
    data,
    labels,
    validation: { from: train, to: train },
    objective: { kind: 'binary' },
    onTree: (_, loss) => {
      trainLoss = loss;
    },
  },
  {
    ...fitThreads(threads),
    formed: (size) => {
      team = size;
    },
  },
);
const fitMs = performance.now() - startedAt;
const cpu = process.cpuUsage(cpuBefore);
const peakMB = (process.resourceUsage().maxRSS * 1024 - before) / 1e6;
const predictions = predictGbdt(model, { ...data, from: train, to: rows });
const test = labels.subarray(train);
console.log(
  JSON.stringify({
    fitMs,
    cpuMs: (cpu.user + cpu.system) / 1000,
    auc: auc(test, predictions),
    logLoss: logLoss(test, predictions),
    trainLoss,
    peakMB,
    threads: team,
  }),
);
