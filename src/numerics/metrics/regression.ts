import { FalajError } from '../../shared/errors.ts';
import { checkPairs } from './checks.ts';

/** Root of the mean squared error. NaN without rows. */
export function rootMeanSquaredError(labels: ArrayLike<number>, predictions: ArrayLike<number>): number {
  checkPairs(labels, predictions);
  let total = 0;
  for (let row = 0; row < labels.length; row++) total += (predictions[row]! - labels[row]!) ** 2;
  return Math.sqrt(total / labels.length);
}

/** Mean absolute error. NaN without rows. */
export function meanAbsoluteError(labels: ArrayLike<number>, predictions: ArrayLike<number>): number {
  checkPairs(labels, predictions);
  let total = 0;
  for (let row = 0; row < labels.length; row++) total += Math.abs(predictions[row]! - labels[row]!);
  return total / labels.length;
}

/** Share of the labels' variance explained; 0 for predicting their mean, negative for worse. NaN for constant labels. */
export function rSquared(labels: ArrayLike<number>, predictions: ArrayLike<number>): number {
  checkPairs(labels, predictions);
  let mean = 0;
  for (let row = 0; row < labels.length; row++) mean += (labels[row]! - mean) / (row + 1);
  let residual = 0;
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    residual += (predictions[row]! - labels[row]!) ** 2;
    total += (labels[row]! - mean) ** 2;
  }
  return total === 0 ? Number.NaN : 1 - residual / total;
}

/** Mean pinball loss of predictions of the quantile `share`; half the mean absolute error at 0.5. NaN without rows. */
export function quantileLoss(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  share: number,
): number {
  if (!(share > 0 && share < 1))
    throw new FalajError('BAD_INPUT', 'A quantile lies between 0 and 1.', { details: { share } });
  checkPairs(labels, predictions);
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const error = labels[row]! - predictions[row]!;
    sum += error >= 0 ? share * error : (share - 1) * error;
  }
  return sum / labels.length;
}
