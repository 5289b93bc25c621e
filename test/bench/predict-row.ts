// One row through boosted trees by ONNX Runtime, as the process that serves a model runs it: 100 trees of 31 leaves over 20
// numbers, learned and exported here.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { fitGbdt } from '../../src/numerics/gbdt/index.ts';
import { treesGraph, writeModel } from '../../src/numerics/onnx/index.ts';
import { randomNumbers } from '../fixtures/random-numbers.ts';
import { brief, quantile, reportFigures } from './support/report-figures.ts';

const ROWS = brief ? 2_000 : 50_000;
const FEATURES = 20;
const PREDICTIONS = brief ? 200 : 20_000;

const random = randomNumbers(3);
const matrix = Float32Array.from({ length: ROWS * FEATURES }, () => random());
const at = (row: number, feature: number): number => matrix[feature * ROWS + row]!;
const labels = Float32Array.from({ length: ROWS }, (_, row) =>
  at(row, 0) + at(row, 1) * at(row, 2) + random() > 1.2 ? 1 : 0,
);
const model = fitGbdt({
  data: { matrix, rows: ROWS, features: FEATURES, from: 0, to: ROWS },
  validation: { from: ROWS, to: ROWS },
  labels,
  objective: { kind: 'binary' },
  trees: 100,
  leaves: 31,
  learningRate: 0.1,
  minRowsPerLeaf: 20,
  l2: 0,
});
const session = await InferenceSession.create(writeModel(treesGraph(model)), {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
});
const [input] = session.inputNames;
const times: number[] = [];
for (let prediction = -1000; prediction < PREDICTIONS; prediction++) {
  const row = ((prediction + 1000) * 7919) % ROWS;
  const values = Float32Array.from({ length: FEATURES }, (_, feature) => at(row, feature));
  const startedMs = performance.now();
  await session.run({ [input!]: new Tensor('float32', values, [1, FEATURES]) });
  if (prediction >= 0) times.push((performance.now() - startedMs) * 1000);
}
await session.release();
reportFigures([
  {
    measure: 'One row through 100 trees by ONNX Runtime, p50',
    value: quantile(times),
    unit: 'µs',
    atMost: 20,
    note: `p99 ${quantile(times, 0.99).toFixed(1)} µs; ${PREDICTIONS} rows, the call from JavaScript included`,
  },
]);
