import { FalajError } from '../../shared/errors.ts';
import { cpuBackend, type NetworkBackend } from './backend.ts';
import { mix, shuffled } from './batch-order.ts';
import { createCpuTrainer } from './cpu-trainer.ts';
import { learningRateAt } from './learning-rate.ts';
import { type NetworkModel, toModel } from './model.ts';
import type { NetworkOptions } from './options.ts';
import { type NetworkPlan, planNetwork } from './plan.ts';
import type { NetworkTrainer, Wait } from './trainer.ts';

/** Everything from which a fit goes on to the very same bits; taken between two batches. */
export interface NetworkCheckpoint {
  readonly epoch: number;
  /** Batches of the epoch that are done. */
  readonly batch: number;
  /** Steps of the optimiser so far. */
  readonly step: number;
  readonly state: readonly Float32Array[];
  readonly best: {
    readonly epoch: number;
    readonly loss: number;
    readonly model: readonly Float32Array[];
  } | null;
  readonly epochLoss: number;
  readonly epochWeight: number;
  /** Of a fit that is through: `epoch` was its last, and nothing is left but to take the best one's numbers. */
  readonly finished?: boolean;
}

export interface NetworkListener {
  /** Mean losses per row: of the epoch's batches as they were learned, and of the validation rows after it. */
  onEpoch?(epoch: number, trainLoss: number, validationLoss: number | null): void;
  /** Asked after each batch; a checkpoint is handed over when it says so. */
  checkpointDue?(): boolean;
  onCheckpoint?(checkpoint: NetworkCheckpoint): void;
  /** The end of a fit as a checkpoint, from which another device makes the same model. */
  onFinished?(checkpoint: NetworkCheckpoint): void;
}

export interface NetworkFit {
  readonly model: NetworkModel;
  readonly epochs: number;
  /** The epoch whose weights the model has: the best by validation loss, else the last. */
  readonly bestEpoch: number;
}

/**
 * A dense network by mini-batches. Order and dropout of every batch follow from the seed and the batch's number alone, so
 * that a fit that goes on from a checkpoint ends in the same bits as one that was never interrupted.
 */
export function fitNetwork(
  options: NetworkOptions,
  listener: NetworkListener = {},
  resume: NetworkCheckpoint | null = null,
  backend: NetworkBackend = cpuBackend(),
): NetworkFit {
  const plan = planNetwork(options);
  const fitting = fitSteps(plan, createCpuTrainer(plan, backend), listener, resume);
  for (;;) {
    const { done, value } = fitting.next();
    if (done) return value;
  }
}

/** The same on any device: its answers are waited for. */
export async function fitNetworkOn(
  plan: NetworkPlan,
  trainer: NetworkTrainer,
  listener: NetworkListener = {},
  resume: NetworkCheckpoint | null = null,
): Promise<NetworkFit> {
  const fitting = fitSteps(plan, trainer, listener, resume);
  for (;;) {
    const { done, value } = fitting.next();
    if (done) return value;
    await value;
  }
}

/** The fit itself, which stops wherever an answer may have to be waited for. */
function* fitSteps(
  plan: NetworkPlan,
  trainer: NetworkTrainer,
  listener: NetworkListener,
  resume: NetworkCheckpoint | null,
): Generator<Wait, NetworkFit, void> {
  const { options, batches, batchRows } = plan;
  const { data, seed, epochs, earlyStopping } = options;
  const { parameters } = trainer;
  const rowCount = data.to - data.from;
  let best = resume?.best ?? null;
  let step = resume?.step ?? 0;
  let firstBatch = resume?.batch ?? 0;
  const tally = { loss: resume?.epochLoss ?? 0, weight: resume?.epochWeight ?? 0 };
  if (resume !== null) {
    restore(parameters.state, resume.state);
    trainer.load();
  }
  const checkpoint = (at: Pick<NetworkCheckpoint, 'epoch' | 'batch' | 'finished'>): NetworkCheckpoint => ({
    ...at,
    step,
    state: parameters.state.map((values) => values.slice()),
    best,
    epochLoss: tally.loss,
    epochWeight: tally.weight,
  });

  let epoch = resume?.epoch ?? 1;
  for (; resume?.finished !== true && epoch <= epochs; epoch++) {
    const order = shuffled(data.from, data.to, mix(seed, epoch));
    for (let batch = firstBatch; batch < batches; batch++) {
      const rows = order.subarray(batch * batchRows, Math.min(rowCount, (batch + 1) * batchRows));
      const progress = step / (epochs * batches);
      step++;
      yield trainer.learn({
        rows,
        seed: mix(seed, step) ^ 0x5bd1e995,
        step,
        learningRate: learningRateAt(options, step, progress, epoch),
      });
      const isDue = listener.checkpointDue?.() === true && batch + 1 < batches;
      if (!isDue && batch + 1 < batches && !trainer.answersAtOnce) continue;
      yield trainer.collect(tally);
      requireNumber(tally.loss, step);
      if (!isDue) continue;
      yield trainer.fetch();
      listener.onCheckpoint?.(checkpoint({ epoch, batch: batch + 1 }));
    }
    firstBatch = 0;
    yield trainer.validate();
    const { validationLoss } = trainer;
    listener.onEpoch?.(epoch, tally.loss / tally.weight, validationLoss);
    [tally.loss, tally.weight] = [0, 0];
    if (validationLoss === null) continue;
    if (best === null || validationLoss < best.loss) {
      yield trainer.fetch();
      best = { epoch, loss: validationLoss, model: parameters.model.map((values) => values.slice()) };
    } else if (earlyStopping !== undefined && epoch - best.epoch >= earlyStopping) break;
  }
  const done = Math.min(epoch, epochs);
  yield trainer.fetch();
  listener.onFinished?.(checkpoint({ epoch: done, batch: batches, finished: true }));
  if (best !== null) restore(parameters.model, best.model);
  const model = toModel(options.task, plan.inputs, data.features, parameters, plan.label);
  return { model, epochs: done, bestEpoch: best?.epoch ?? done };
}

function requireNumber(loss: number, step: number): void {
  if (Number.isFinite(loss)) return;
  throw new FalajError('BAD_INPUT', `The loss is no longer a number after ${step - 1} steps.`, {
    hint: 'Use a smaller learning rate, or batch normalisation.',
  });
}

function restore(target: readonly Float32Array[], source: readonly Float32Array[]): void {
  const fits =
    target.length === source.length &&
    target.every((values, index) => values.length === source[index]!.length);
  if (!fits)
    throw new FalajError('BAD_INPUT', 'The checkpoint belongs to a network of another shape.', {
      hint: 'Go on with the definition that the checkpoint was made by.',
    });
  for (const [index, values] of target.entries()) values.set(source[index]!);
}
