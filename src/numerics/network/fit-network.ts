import { FalajError } from '../../shared/errors.ts';
import { mulberry32 } from '../arrays/mulberry32.ts';
import { type AdamStep, cpuBackend, type NetworkBackend } from './backend.ts';
import { fitInputs } from './input.ts';
import { batchLoss, labelScale, meanLoss } from './losses.ts';
import { createPredictor, type NetworkModel, toModel } from './model.ts';
import { checkNetworkOptions, type NetworkOptions, type Schedule } from './options.ts';
import { createParameters, type NetworkParameters } from './parameters.ts';
import { createTrainingPass } from './training-pass.ts';

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
}

export interface NetworkListener {
  /** Mean losses per row: of the epoch's batches as they were learned, and of the validation rows after it. */
  onEpoch?(epoch: number, trainLoss: number, validationLoss: number | null): void;
  /** Asked after each batch; a checkpoint is handed over when it says so. */
  checkpointDue?(): boolean;
  onCheckpoint?(checkpoint: NetworkCheckpoint): void;
}

export interface NetworkFit {
  readonly model: NetworkModel;
  readonly epochs: number;
  /** The epoch whose weights the model has: the best by validation loss, else the last. */
  readonly bestEpoch: number;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

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
  checkNetworkOptions(options);
  const { data, task, labels, weights, seed, epochs } = options;
  const outputs = task.kind === 'multiclass' ? task.classes : 1;
  const inputs = fitInputs(data, options.categories ?? []);
  const parameters = createParameters(backend, inputs, options.hidden, outputs, options.batchNorm, seed);
  const rowCount = data.to - data.from;
  const batchRows = Math.min(options.batchRows, rowCount);
  const pass = createTrainingPass(backend, data, inputs, parameters, options.dropout, batchRows);
  const label = labelScale(options);
  const current = (): NetworkModel => toModel(task, inputs, data.features, parameters, label);
  const predictor = createPredictor(backend, current());
  // a last batch of one row has no variance to normalise by
  const batches = Math.max(1, Math.floor(rowCount / batchRows) + (rowCount % batchRows > 1 ? 1 : 0));
  let best = resume?.best ?? null;
  let step = resume?.step ?? 0;
  let firstBatch = resume?.batch ?? 0;
  let [epochLoss, epochWeight] = [resume?.epochLoss ?? 0, resume?.epochWeight ?? 0];
  if (resume !== null) restore(parameters.state, resume.state);

  const firstEpoch = resume?.epoch ?? 1;
  let epoch = firstEpoch;
  for (; epoch <= epochs; epoch++) {
    const order = shuffled(data.from, data.to, mix(seed, epoch));
    for (let batch = firstBatch; batch < batches; batch++) {
      const rows = order.subarray(batch * batchRows, Math.min(rowCount, (batch + 1) * batchRows));
      const scores = pass.forward(rows, mix(seed, step + 1) ^ 0x5bd1e995);
      const { loss, weight } = batchLoss(task, labels, weights, label, rows, scores, pass.scoreGradient);
      if (!Number.isFinite(loss))
        throw new FalajError('BAD_INPUT', `The loss is no longer a number after ${step} steps.`, {
          hint: 'Use a smaller learning rate, or batch normalisation.',
        });
      epochLoss += loss;
      epochWeight += weight;
      pass.backward();
      step++;
      const rate = learningRateAt(options, step, (step - 1) / (epochs * batches), epoch);
      optimise(backend, parameters, options, { rate, beta1: BETA1, beta2: BETA2, epsilon: EPSILON, step });
      if (listener.checkpointDue?.() === true && batch + 1 < batches)
        listener.onCheckpoint?.({
          epoch,
          batch: batch + 1,
          step,
          state: parameters.state.map((values) => values.slice()),
          best,
          epochLoss,
          epochWeight,
        });
    }
    firstBatch = 0;
    const validationLoss = meanLoss(options, predictor, current());
    listener.onEpoch?.(epoch, epochLoss / epochWeight, validationLoss);
    [epochLoss, epochWeight] = [0, 0];
    if (validationLoss === null) continue;
    if (best === null || validationLoss < best.loss)
      best = { epoch, loss: validationLoss, model: parameters.model.map((values) => values.slice()) };
    else if (options.earlyStopping !== undefined && epoch - best.epoch >= options.earlyStopping) break;
  }
  if (best !== null) restore(parameters.model, best.model);
  const done = Math.min(epoch, epochs);
  return { model: current(), epochs: done, bestEpoch: best?.epoch ?? done };
}

function optimise(
  backend: NetworkBackend,
  parameters: NetworkParameters,
  { optimizer, weightDecay }: NetworkOptions,
  step: Omit<AdamStep, 'decay' | 'l2'>,
): void {
  for (const parameter of parameters.all) {
    const decay = parameter.decays ? weightDecay : 0;
    backend.adam(parameter, {
      ...step,
      decay: optimizer === 'adamw' ? decay : 0,
      l2: optimizer === 'adam' ? decay : 0,
    });
  }
}

function learningRateAt(
  { learningRate, schedule, warmupSteps }: NetworkOptions,
  step: number,
  progress: number,
  epoch: number,
): number {
  const warm = warmupSteps > 0 ? Math.min(1, step / warmupSteps) : 1;
  return learningRate * warm * scheduleFactor(schedule, progress, epoch);
}

function scheduleFactor(schedule: Schedule, progress: number, epoch: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'cosine':
      return (1 + Math.cos(Math.PI * progress)) / 2;
    case 'step':
      return schedule.factor ** Math.floor((epoch - 1) / schedule.epochs);
  }
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

/** Numbers [from, to) in an order drawn from the seed (Fisher and Yates). */
function shuffled(from: number, to: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: to - from }, (_, index) => from + index);
  const random = mulberry32(seed);
  for (let index = order.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [order[index], order[other]] = [order[other]!, order[index]!];
  }
  return order;
}

const mix = (seed: number, number: number): number =>
  (Math.imul(seed, 0x85ebca6b) ^ Math.imul(number, 0xc2b2ae35)) >>> 0;
