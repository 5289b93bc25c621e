import { FalajError } from '../../shared/errors.ts';

/** Rows with what was foretold of them and what came. */
export interface PredictedRows {
  readonly task: 'binary' | 'multiclass' | 'regression';
  /** 0 or 1, a class from 0 up, or a number. */
  readonly labels: ArrayLike<number>;
  /** Chances of a yes, or of each class row by row, or numbers. */
  readonly predictions: ArrayLike<number>;
  /** Predictions a row: classes of a label of many, else 1. */
  readonly outputs: number;
  /** How much each row counts, from 0 up; null where all count the same. */
  readonly weights: ArrayLike<number> | null;
}

/** @throws BAD_INPUT where predictions are missing or no numbers. */
export function checkPredictedRows({ labels, predictions, outputs, weights }: PredictedRows): void {
  if (
    predictions.length !== labels.length * outputs ||
    (weights !== null && weights.length !== labels.length)
  )
    throw new FalajError('BAD_INPUT', 'A metric needs one prediction, and one weight if any, per label.', {
      details: { labels: labels.length, predictions: predictions.length, outputs },
    });
  for (let at = 0; at < predictions.length; at++)
    if (Number.isNaN(predictions[at]!))
      throw new FalajError('BAD_INPUT', 'A prediction is not a number.', {
        details: { row: Math.floor(at / outputs) },
      });
}

/** The named rows alone, in their order. */
export function pickRows(all: PredictedRows, rows: ArrayLike<number>): PredictedRows {
  const { task, outputs } = all;
  const labels = new Float64Array(rows.length);
  const predictions = new Float64Array(rows.length * outputs);
  const weights = all.weights === null ? null : new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    labels[at] = all.labels[row]!;
    for (let output = 0; output < outputs; output++)
      predictions[at * outputs + output] = all.predictions[row * outputs + output]!;
    if (weights !== null) weights[at] = all.weights![row]!;
  }
  return { task, labels, predictions, outputs, weights };
}

/** Of a label of many classes one against the others, as a yes or no. */
export function oneAgainstRest(
  { labels, predictions, outputs, weights }: PredictedRows,
  of: number,
): PredictedRows {
  const own = new Float64Array(labels.length);
  const chances = new Float64Array(labels.length);
  for (let row = 0; row < own.length; row++) {
    own[row] = labels[row] === of ? 1 : 0;
    chances[row] = predictions[row * outputs + of]!;
  }
  return { task: 'binary', labels: own, predictions: chances, outputs: 1, weights };
}

/** The likeliest class of a row. */
export function likeliest(predictions: ArrayLike<number>, row: number, outputs: number): number {
  let best = 0;
  for (let output = 1; output < outputs; output++)
    if (predictions[row * outputs + output]! > predictions[row * outputs + best]!) best = output;
  return best;
}
