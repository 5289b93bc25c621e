import { createParameters } from '../parameters.ts';
import type { NetworkPlan } from '../plan.ts';
import type { LossTally, NetworkTrainer } from '../trainer.ts';
import { submit } from './dispatch.ts';
import { GpuMemory } from './gpu-memory.ts';
import { createDispatches } from './network-dispatches.ts';
import { createRowBuffers, linkCategories } from './row-buffers.ts';
import { LOSS_ROWS } from './row-shaders.ts';
import { STEP_BYTES, stepBytes } from './settings.ts';
import { createStateBuffers } from './state-buffers.ts';

/** Batches that may be on their way to the device. */
const MOST_UNDERWAY = 64;

/**
 * A network on a GPU, in float32 by the WebGPU standard: rows, numbers and moments stay there, and each batch sends the numbers
 * of its rows alone. Order, dropout and optimiser are the CPU's, so that a checkpoint of one goes on with the other; sums
 * are taken in another order, so that bits are not the same.
 *
 * @param device without shader-f16; at least 8 storage buffers for a kernel, as the standard has it.
 * @throws OUT_OF_MEMORY, TOO_LARGE where the network or the rows do not fit, DEVICE_UNAVAILABLE where the device is lost; while
 *   learning, whatever is waited for throws them.
 */
export async function createWebGpuTrainer(plan: NetworkPlan, device: GPUDevice): Promise<NetworkTrainer> {
  const { options, inputs, outputs, batchRows, batches, label } = plan;
  const { validation, weights, task } = options;
  const memory = new GpuMemory(device);
  const atHome = { allocate: (length: number) => new Float32Array(Math.ceil(length / 4) * 4) };
  const parameters = createParameters(
    atHome,
    inputs,
    options.hidden,
    outputs,
    options.batchNorm,
    options.seed,
  );
  let tableStart = 0;
  const tableStarts = parameters.embeddings.map(({ parameters: own }) => {
    const start = tableStart;
    tableStart += own.length;
    return start;
  });
  const validationRows = validation === undefined ? 0 : Math.max(0, validation.to - validation.from);
  const groups = Math.ceil(batchRows / LOSS_ROWS);
  const slots = Math.max(batches, Math.ceil(validationRows / batchRows));
  const rows = createRowBuffers(memory, plan, tableStarts);
  const state = createStateBuffers(memory, parameters);
  const batch = {
    step: memory.uniform(new Uint8Array(STEP_BYTES)),
    rows: memory.storage(batchRows * 4),
    links: memory.storage(Math.max(1, rows.tableCount) * batchRows * 4),
    losses: memory.storage(slots * groups * 4),
  };
  const { forth, back } = createDispatches(memory, plan, parameters, { state, rows, batch });

  const load = (): void => {
    for (const { buffer, from, target } of state.parts) memory.write(buffer, target, from);
  };
  const fetch = (): Promise<void> => memory.read(state.parts);
  const weightOf = (own: Uint32Array): number => own.reduce((sum, row) => sum + (weights?.[row] ?? 1), 0);
  /** Sum of the losses in the first `count` slots. */
  const lossesOf = async (count: number): Promise<number> => {
    if (count === 0) return 0;
    const found = new Float32Array(count * groups);
    await memory.read([{ buffer: batch.losses, from: 0, target: found }]);
    return found.reduce((sum, loss) => sum + loss, 0);
  };
  let slot = 0;
  let pendingWeight = 0;
  let validationLoss: number | null = null;

  load();
  // What could not be made is known once something has been waited for.
  await fetch();
  return {
    name: 'webgpu',
    answersAtOnce: false,
    parameters,
    learn({ rows: own, seed, step, learningRate }) {
      const weight = weightOf(own);
      pendingWeight += weight;
      const here = own.map((row) => row - rows.start);
      memory.write(batch.rows, here);
      if (rows.tableCount > 0) memory.write(batch.links, linkCategories(rows, here, batchRows));
      const settings = { rows: own.length, slot, seed, training: true, learningRate, step, weight };
      memory.write(batch.step, stepBytes(settings));
      submit(device, [...forth, ...back], own.length);
      slot++;
      return slot % MOST_UNDERWAY === 0 ? memory.caughtUp() : undefined;
    },
    async collect(tally: LossTally) {
      const count = slot;
      slot = 0;
      tally.loss += await lossesOf(count);
      tally.weight += pendingWeight;
      pendingWeight = 0;
    },
    fetch,
    load,
    async validate() {
      if (validation === undefined || validationRows === 0) return;
      let mass = 0;
      let used = 0;
      for (let from = validation.from; from < validation.to; from += batchRows) {
        const count = Math.min(batchRows, validation.to - from);
        const own = Uint32Array.from({ length: count }, (_, at) => from + at);
        mass += weightOf(own);
        memory.write(
          batch.rows,
          own.map((row) => row - rows.start),
        );
        const settings = { rows: count, slot: used++, seed: 0, training: false };
        memory.write(batch.step, stepBytes({ ...settings, learningRate: 0, step: 1, weight: 1 }));
        submit(device, forth, count);
      }
      const sum = await lossesOf(used);
      // The loss of a number is half its squared error, in deviations.
      validationLoss =
        task.kind === 'regression' ? Math.sqrt((2 * sum) / mass) * label.deviation : sum / mass;
    },
    get validationLoss() {
      return validationLoss;
    },
  };
}
