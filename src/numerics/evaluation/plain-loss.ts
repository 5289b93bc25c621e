import { checkPredictedRows, type PredictedRows } from './predicted-rows.ts';

/** Chances are kept this far from 0 and 1, so that one confident mistake costs 34.5 nats and not infinity. */
const LEAST_CHANCE = 1e-15;

/** What a chance of a yes costs in nats, once it is known whether it came. */
export function chanceLoss(isYes: boolean, chance: number): number {
  const kept = Math.min(1 - LEAST_CHANCE, Math.max(LEAST_CHANCE, chance));
  return -(isYes ? Math.log(kept) : Math.log1p(-kept));
}

/** What the chance costs in nats that was given to the class which came. */
export const classLoss = (chance: number): number => -Math.log(Math.max(LEAST_CHANCE, chance));

/**
 * The mean loss of predictions, all rows counting the same: log loss in nats of chances, root mean squared error of numbers.
 * Nothing is sorted, so that it may be asked often. NaN without rows.
 *
 * @throws BAD_INPUT where predictions are missing or no numbers.
 */
export function plainLoss(rows: PredictedRows): number {
  checkPredictedRows(rows);
  const { task, labels, predictions, outputs } = rows;
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    if (task === 'regression') total += (predictions[row]! - label) ** 2;
    else if (task === 'binary') total += chanceLoss(label > 0, predictions[row]!);
    else total += classLoss(predictions[row * outputs + label]!);
  }
  const mean = total / labels.length;
  return task === 'regression' ? Math.sqrt(mean) : mean;
}
