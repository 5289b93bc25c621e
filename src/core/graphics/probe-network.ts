import { mulberry32 } from '../../numerics/arrays/mulberry32.ts';
import {
  cpuBackend,
  createCpuTrainer,
  createWebGpuTrainer,
  planNetwork,
} from '../../numerics/network/index.ts';
import { type Comparison, compareTrainers } from './compare-trainers.ts';
import type { OpenedAdapter } from './open-adapter.ts';

const ROWS = 512;
const FEATURES = 128;

/** A few steps of a network of middling size on an adapter, beside one thread of the CPU. */
export async function learnProbeNetwork(adapter: OpenedAdapter): Promise<Comparison> {
  const random = mulberry32(1);
  const matrix = Float32Array.from({ length: ROWS * FEATURES }, () => 2 * random() - 1);
  const plan = planNetwork({
    data: { matrix, rows: ROWS, features: FEATURES, from: 0, to: ROWS },
    labels: Float32Array.from({ length: ROWS }, (_, row) => (matrix[row]! > matrix[ROWS + row]! ? 1 : 0)),
    task: { kind: 'binary' },
    hidden: [256, 128],
    dropout: 0.1,
    batchNorm: true,
    epochs: 1,
    batchRows: 256,
    learningRate: 0.001,
    schedule: { kind: 'constant' },
    warmupSteps: 0,
    optimizer: 'adamw',
    weightDecay: 0.0001,
    seed: 1,
  });
  const gpu = await createWebGpuTrainer(plan, await adapter.openDevice());
  return compareTrainers(plan, { cpu: createCpuTrainer(plan, cpuBackend()), gpu });
}
