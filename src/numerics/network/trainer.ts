import type { NetworkParameters } from './parameters.ts';

export interface TrainingBatch {
  /** Rows of the matrix. */
  readonly rows: Uint32Array;
  /** From which dropout is drawn. */
  readonly seed: number;
  /** Number of the optimiser's step, from 1. */
  readonly step: number;
  readonly learningRate: number;
}

/** Sums over learned rows. */
export interface LossTally {
  loss: number;
  /** How much the rows count. */
  weight: number;
}

/** What has to be waited for before an answer can be read; undefined where it is there at once. */
export type Wait = Promise<void> | undefined;

/**
 * A network on one device, with its optimiser. Numbers live there and come home only when asked for, so that a device apart
 * from the CPU's memory can go through many batches by itself.
 */
export interface NetworkTrainer {
  readonly name: string;
  /** Whether nothing is ever waited for: then losses are looked at after each batch. */
  readonly answersAtOnce: boolean;
  /** The numbers at home: those of the last `fetch` or `load`. */
  readonly parameters: NetworkParameters;
  /** One step of the optimiser. It is waited for where batches would otherwise pile up. */
  learn(batch: TrainingBatch): Wait;
  /** Adds the losses of all batches since it was last asked. A loss that is no number may show no earlier than here. */
  collect(tally: LossTally): Wait;
  /** Brings parameters, moments and running figures home. */
  fetch(): Wait;
  /** Takes up those at home. */
  load(): void;
  /** Measures the network on the validation rows. */
  validate(): Wait;
  /** What `validate` found, in the label's own scale: log loss, or root mean squared error; null without rows. */
  readonly validationLoss: number | null;
}
