import { FalajError } from '../../shared/errors.ts';
import { rowsInAscendingOrder } from '../arrays/ascending-rows.ts';
import { checkPairs } from './checks.ts';

/** Rows by truth and prediction at one threshold; predicted yes from the threshold up. */
export interface BinaryConfusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

export function binaryConfusion(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  threshold: number,
): BinaryConfusion {
  checkPairs(labels, scores);
  let [truePositives, falsePositives, trueNegatives, falseNegatives] = [0, 0, 0, 0];
  for (let row = 0; row < labels.length; row++) {
    const isYes = labels[row]! > 0;
    if (scores[row]! >= threshold) isYes ? truePositives++ : falsePositives++;
    else isYes ? falseNegatives++ : trueNegatives++;
  }
  return { truePositives, falsePositives, trueNegatives, falseNegatives };
}

/** Share of the predicted yes that are yes. NaN where none is predicted. */
export const precision = ({ truePositives, falsePositives }: BinaryConfusion): number =>
  truePositives / (truePositives + falsePositives);

/** Share of the yes that are predicted. NaN where there is none. */
export const recall = ({ truePositives, falseNegatives }: BinaryConfusion): number =>
  truePositives / (truePositives + falseNegatives);

/** Harmonic mean of precision and recall; 0 where no yes is found. NaN where there is none, true or predicted. */
export const f1Score = ({ truePositives, falsePositives, falseNegatives }: BinaryConfusion): number =>
  (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);

/**
 * Area under the precision-recall curve as average precision: the precision at each threshold, weighted by the recall that it
 * adds; rows of one score stand together. NaN without a yes.
 */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  checkPairs(labels, scores);
  const order = rowsInAscendingOrder(Float64Array.from(scores));
  let [area, found, seen, pending] = [0, 0, 0, 0];
  for (let index = order.length - 1; index >= 0; index--) {
    const row = order[index]!;
    seen++;
    if (labels[row]! > 0) pending++;
    if (index > 0 && scores[order[index - 1]!] === scores[row]) continue;
    found += pending;
    area += pending * (found / seen);
    pending = 0;
  }
  return area / found;
}

export type ThresholdGoal =
  | { readonly kind: 'f1' }
  /** The highest recall at no less than this precision. */
  | { readonly kind: 'precision'; readonly least: number }
  /** The highest precision at no less than this recall. */
  | { readonly kind: 'recall'; readonly least: number }
  /** The lowest cost of the wrong answers. */
  | { readonly kind: 'cost'; readonly falsePositive: number; readonly falseNegative: number };

export interface ChosenThreshold extends BinaryConfusion {
  readonly threshold: number;
}

/** The score from which up yes is the answer that serves a goal best; null where no threshold reaches it. */
export function chooseThreshold(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  goal: ThresholdGoal,
): ChosenThreshold | null {
  checkPairs(labels, scores);
  const order = rowsInAscendingOrder(Float64Array.from(scores));
  let positives = 0;
  for (let row = 0; row < labels.length; row++) if (labels[row]! > 0) positives++;
  let best: ChosenThreshold | null = null;
  let bestValue = Number.NEGATIVE_INFINITY;
  let [truePositives, falsePositives] = [0, 0];
  for (let index = order.length - 1; index >= 0; index--) {
    const row = order[index]!;
    labels[row]! > 0 ? truePositives++ : falsePositives++;
    if (index > 0 && scores[order[index - 1]!] === scores[row]) continue;
    const confusion = {
      truePositives,
      falsePositives,
      falseNegatives: positives - truePositives,
      trueNegatives: labels.length - positives - falsePositives,
    };
    const value = worth(confusion, goal);
    if (value > bestValue) {
      bestValue = value;
      best = { threshold: scores[row]!, ...confusion };
    }
  }
  return best;
}

function worth(confusion: BinaryConfusion, goal: ThresholdGoal): number {
  const never = Number.NEGATIVE_INFINITY;
  switch (goal.kind) {
    case 'f1':
      return f1Score(confusion);
    case 'precision':
      return precision(confusion) >= goal.least ? recall(confusion) : never;
    case 'recall':
      return recall(confusion) >= goal.least ? precision(confusion) : never;
    case 'cost':
      return -(goal.falsePositive * confusion.falsePositives + goal.falseNegative * confusion.falseNegatives);
  }
}

/** [truth][prediction] counts of classes 0 to `classes` − 1. */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): Float64Array[] {
  checkPairs(labels, predicted);
  const matrix = Array.from({ length: classes }, () => new Float64Array(classes));
  for (let row = 0; row < labels.length; row++) {
    const counts = matrix[labels[row]!];
    if (counts === undefined || !(predicted[row]! in counts))
      throw new FalajError('BAD_INPUT', `Row ${row + 1} has a class that is not among 0 to ${classes - 1}.`, {
        details: { row, classes },
      });
    counts[predicted[row]!]!++;
  }
  return matrix;
}
