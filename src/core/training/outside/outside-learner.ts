import type { MatrixRows } from '../../../numerics/linear/index.ts';
import type { Graph } from '../../../numerics/onnx/index.ts';
import type { OnIteration } from '../fitted-model.ts';
import type { LearnRequest } from '../worker-messages.ts';

/** Learns in a process of its own, whose model is computed in another one: the thread that asks waits for both. */
export interface OutsideLearner {
  /** @throws FalajError where it learned nothing, or what it handed back cannot be used. */
  fit(request: LearnRequest, onIteration: OnIteration, signal: AbortSignal): Promise<OutsideModel>;
}

export interface OutsideModel {
  /** The model as operations on its matrix of features. */
  readonly graph: Graph;
  /** One prediction a row, or one per class and row. */
  predict(rows: MatrixRows, signal: AbortSignal): Promise<Float64Array>;
  close(): Promise<void>;
}

/** The same for a thread that may wait for nothing but the answer. */
export interface BlockingLearner {
  fit(request: LearnRequest): Graph;
  /** Of the model that was fitted last. */
  predict(rows: MatrixRows): Float64Array;
}
