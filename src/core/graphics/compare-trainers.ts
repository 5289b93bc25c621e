import type { NetworkPlan, NetworkTrainer } from '../../numerics/network/index.ts';

/** Steps after which numbers are compared, and most that are timed. */
const COMPARED_STEPS = 3;
const MOST_TIMED_STEPS = 30;
const LEAST_TIMED_MS = 250;
/** Largest difference, of the change of all weights, that passes for rounding after a few steps. */
const TOLERANCE = 1e-3;

export interface Comparison {
  /** Of the weights' whole change; infinite where a number is none. */
  readonly difference: number;
  readonly agrees: boolean;
  /** Of one step. */
  readonly cpuMs: number;
  readonly gpuMs: number;
}

/**
 * A few steps of one network on both devices: whether they come to the same weights, and how long a step takes. Both are left as
 * they were.
 */
export async function compareTrainers(
  plan: NetworkPlan,
  { cpu, gpu }: { readonly cpu: NetworkTrainer; readonly gpu: NetworkTrainer },
): Promise<Comparison> {
  const before = weightsOf(cpu).map((values) => values.slice());
  const initial = cpu.parameters.state.map((values) => values.slice());
  for (const trainer of [cpu, gpu]) {
    await learn(plan, trainer, COMPARED_STEPS);
    await trainer.fetch();
  }
  let [apart, change] = [0, 0];
  const [ofCpu, ofGpu] = [weightsOf(cpu), weightsOf(gpu)];
  for (const [index, start] of before.entries())
    for (let at = 0; at < start.length; at++) {
      apart += (ofGpu[index]![at]! - ofCpu[index]![at]!) ** 2;
      change += (ofCpu[index]![at]! - start[at]!) ** 2;
    }
  const difference = Math.sqrt(apart / change);
  const agrees = difference <= TOLERANCE;
  const cpuMs = await timeOf(plan, cpu);
  const gpuMs = agrees ? await timeOf(plan, gpu) : Number.POSITIVE_INFINITY;
  for (const trainer of [cpu, gpu]) {
    for (const [index, values] of trainer.parameters.state.entries()) values.set(initial[index]!);
    trainer.load();
  }
  return {
    difference: Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference,
    agrees,
    cpuMs,
    gpuMs,
  };
}

/** Biases before a normalisation, which takes them out again, follow rounding alone: weights and embeddings are compared. */
const weightsOf = ({ parameters: { embeddings, layers } }: NetworkTrainer): Float32Array[] => [
  ...embeddings.map(({ parameters }) => parameters),
  ...layers.map(({ weights }) => weights.parameters),
];

async function learn(
  { options: { data, learningRate }, batchRows }: NetworkPlan,
  trainer: NetworkTrainer,
  steps: number,
): Promise<void> {
  for (let step = 1; step <= steps; step++) {
    const batches = Math.max(1, Math.floor((data.to - data.from) / batchRows));
    const from = data.from + ((step - 1) % batches) * batchRows;
    const rows = Uint32Array.from({ length: batchRows }, (_, at) => from + at);
    await trainer.learn({ rows, seed: step, step, learningRate });
    // Losses have room for one epoch's batches.
    if (step % batches === 0) await trainer.collect({ loss: 0, weight: 0 });
  }
  await trainer.collect({ loss: 0, weight: 0 });
}

/** Milliseconds of a step, from ever more of them until they take long enough. */
async function timeOf(plan: NetworkPlan, trainer: NetworkTrainer): Promise<number> {
  for (let steps = 1; ; steps = Math.min(MOST_TIMED_STEPS, steps * 3)) {
    const startedAt = performance.now();
    await learn(plan, trainer, steps);
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs >= LEAST_TIMED_MS || steps === MOST_TIMED_STEPS) return elapsedMs / steps;
  }
}
