import { rowsInAscendingOrder } from '../arrays/ascending-rows.ts';
import { checkPairs } from './checks.ts';

/** Probabilities are kept this far from 0 and 1, so that one confident mistake costs 34.5 and not infinity. */
const CLIP = 1e-15;

/** Mean negative log-likelihood in nats of 0/1 labels. NaN without rows. */
export function logLoss(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  checkPairs(labels, probabilities);
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const probability = Math.min(1 - CLIP, Math.max(CLIP, probabilities[row]!));
    total -= labels[row]! > 0 ? Math.log(probability) : Math.log1p(-probability);
  }
  return total / labels.length;
}

/** Mean squared distance between probability and 0/1 label. NaN without rows. */
export function brierScore(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  checkPairs(labels, probabilities);
  let total = 0;
  for (let row = 0; row < labels.length; row++) total += (probabilities[row]! - labels[row]!) ** 2;
  return total / labels.length;
}

export interface CalibrationPoint {
  /** Mean predicted probability of the group. */
  readonly predicted: number;
  /** Share of positives in the group. */
  readonly observed: number;
  readonly count: number;
}

/**
 * Predicted against observed shares in `bins` groups of equal size by ascending probability; equal probabilities are
 * never split, so there may be fewer groups.
 */
export function calibrationCurve(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  bins = 10,
): CalibrationPoint[] {
  checkPairs(labels, probabilities);
  const values = probabilities instanceof Float64Array ? probabilities : Float64Array.from(probabilities);
  const order = rowsInAscendingOrder(values);
  const points: CalibrationPoint[] = [];
  let predicted = 0;
  let positives = 0;
  let count = 0;
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    predicted += values[row]!;
    positives += labels[row]! > 0 ? 1 : 0;
    count++;
    const next = order[i + 1];
    const full = (i + 1) * bins >= (points.length + 1) * order.length;
    if (next === undefined || (full && values[next] !== values[row])) {
      points.push({ predicted: predicted / count, observed: positives / count, count });
      predicted = 0;
      positives = 0;
      count = 0;
    }
  }
  return points;
}

/**
 * Expected calibration error: mean distance between predicted and observed shares over the groups of a calibration
 * curve, weighted by their size (Naeini, Cooper, Hauskrecht 2015). NaN without rows.
 */
export function expectedCalibrationError(curve: readonly CalibrationPoint[]): number {
  let distance = 0;
  let rows = 0;
  for (const { predicted, observed, count } of curve) {
    distance += count * Math.abs(predicted - observed);
    rows += count;
  }
  return distance / rows;
}
