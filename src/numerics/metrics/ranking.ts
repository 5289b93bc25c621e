import { rowsInAscendingOrder } from '../arrays/ascending-rows.ts';
import { checkPairs } from './checks.ts';

export interface RocPoint {
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/**
 * Area under the ROC curve: the chance that a random positive scores above a random negative, ties counting half
 * (the Mann-Whitney statistic with mid-ranks). Labels are 0 or 1. NaN when one class is missing.
 */
export function auc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const groups = groupsByScore(labels, scores);
  let positives = 0;
  let negatives = 0;
  let concordant = 0;
  for (let group = 0; group < groups.positives.length; group++) {
    concordant += groups.positives[group]! * (negatives + groups.negatives[group]! / 2);
    positives += groups.positives[group]!;
    negatives += groups.negatives[group]!;
  }
  return concordant / (positives * negatives);
}

/**
 * The ROC curve from (0, 0) to (1, 1), one corner per distinct score, thinned to at most `maxPoints` corners at equal
 * steps along the curve. Empty when one class is missing.
 */
export function rocCurve(labels: ArrayLike<number>, scores: ArrayLike<number>, maxPoints = 200): RocPoint[] {
  const groups = groupsByScore(labels, scores);
  const positives = sum(groups.positives);
  const negatives = sum(groups.negatives);
  if (positives === 0 || negatives === 0) return [];
  const points: RocPoint[] = [{ falsePositiveRate: 0, truePositiveRate: 0 }];
  let truePositives = 0;
  let falsePositives = 0;
  let taken = 0;
  for (let group = groups.positives.length - 1; group >= 0; group--) {
    truePositives += groups.positives[group]!;
    falsePositives += groups.negatives[group]!;
    const point = {
      falsePositiveRate: falsePositives / negatives,
      truePositiveRate: truePositives / positives,
    };
    // the two rates add up to the way travelled, 0 to 2
    const step = Math.floor(((point.falsePositiveRate + point.truePositiveRate) / 2) * (maxPoints - 2));
    if (group === 0 || step > taken || groups.positives.length <= maxPoints - 1) {
      points.push(point);
      taken = step;
    }
  }
  return points;
}

/** Positives and negatives per distinct score, ascending. */
function groupsByScore(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): { positives: Float64Array; negatives: Float64Array } {
  checkPairs(labels, scores);
  const values = scores instanceof Float64Array ? scores : Float64Array.from(scores);
  const order = rowsInAscendingOrder(values);
  const positives = new Float64Array(order.length);
  const negatives = new Float64Array(order.length);
  let group = -1;
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    if (i === 0 || values[row] !== values[order[i - 1]!]) group++;
    if (labels[row]! > 0) positives[group] = positives[group]! + 1;
    else negatives[group] = negatives[group]! + 1;
  }
  return { positives: positives.subarray(0, group + 1), negatives: negatives.subarray(0, group + 1) };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
