import type { LabelTask } from '../labels/index.ts';
import type { MatrixRows } from '../linear/index.ts';
import type { NetworkModel } from './model.ts';
import type { NetworkOptions } from './options.ts';

export interface LabelScale {
  readonly mean: number;
  readonly deviation: number;
}

/** A number is learned in deviations from its mean over the training rows; classes as they are. */
export function labelScale({ task, labels, data: { from, to } }: NetworkOptions): LabelScale {
  if (task.kind !== 'regression') return { mean: 0, deviation: 1 };
  let mean = 0;
  for (let row = from; row < to; row++) mean += (labels[row]! - mean) / (row - from + 1);
  let squares = 0;
  for (let row = from; row < to; row++) squares += (labels[row]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / (to - from)) || 1 };
}

/** Sum of the rows' losses, and per score the gradient of their mean: half the squared error, or log loss in nats. */
export function batchLoss(
  task: LabelTask,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  scale: LabelScale,
  rows: Uint32Array,
  scores: Float32Array,
  gradient: Float32Array,
): { readonly loss: number; readonly weight: number } {
  const outputs = task.kind === 'multiclass' ? task.classes : 1;
  let weight = 0;
  for (const row of rows) weight += weights?.[row] ?? 1;
  let loss = 0;
  for (let r = 0; r < rows.length; r++) {
    const label = labels[rows[r]!]!;
    const own = weights?.[rows[r]!] ?? 1;
    const share = weight === 0 ? 0 : own / weight;
    const score = scores[r * outputs]!;
    if (task.kind === 'regression') {
      const error = score - (label - scale.mean) / scale.deviation;
      loss += (own * error * error) / 2;
      gradient[r] = share * error;
    } else if (task.kind === 'binary') {
      loss += own * (Math.max(score, 0) - score * label + Math.log1p(Math.exp(-Math.abs(score))));
      gradient[r] = share * (1 / (1 + Math.exp(-score)) - label);
    } else {
      const start = r * outputs;
      let top = score;
      for (let k = 1; k < outputs; k++) top = Math.max(top, scores[start + k]!);
      let sum = 0;
      for (let k = 0; k < outputs; k++) sum += Math.exp(scores[start + k]! - top);
      loss += own * (top + Math.log(sum) - scores[start + label]!);
      for (let k = 0; k < outputs; k++)
        gradient[start + k] = share * (Math.exp(scores[start + k]! - top) / sum - (k === label ? 1 : 0));
    }
  }
  return { loss, weight };
}

const LEAST_CHANCE = 1e-15;

/** Mean loss of the validation rows in the label's own scale: log loss, or root mean squared error; null without rows. */
export function meanLoss(
  { validation, data, labels, weights, task }: NetworkOptions,
  predict: (model: NetworkModel, data: MatrixRows) => Float64Array,
  model: NetworkModel,
): number | null {
  if (validation === undefined || validation.to <= validation.from) return null;
  const predictions = predict(model, { ...data, ...validation });
  const outputs = task.kind === 'multiclass' ? task.classes : 1;
  let [sum, mass] = [0, 0];
  for (let row = validation.from; row < validation.to; row++) {
    const at = (row - validation.from) * outputs;
    const weight = weights?.[row] ?? 1;
    const label = labels[row]!;
    mass += weight;
    if (task.kind === 'regression') sum += weight * (predictions[at]! - label) ** 2;
    else {
      const chance =
        task.kind === 'multiclass'
          ? predictions[at + label]!
          : label === 1
            ? predictions[at]!
            : 1 - predictions[at]!;
      sum -= weight * Math.log(Math.max(LEAST_CHANCE, chance));
    }
  }
  return task.kind === 'regression' ? Math.sqrt(sum / mass) : sum / mass;
}
