import { rowsInAscendingOrder } from '../arrays/ascending-rows.ts';
import { checkCalibrationRows } from './platt.ts';

/**
 * A chance that never falls as the score grows: straight lines between the points, constant beyond them. The thresholds
 * ascend strictly and are float32, so that the exported graph compares with the very same numbers.
 */
export interface IsotonicCalibration {
  readonly kind: 'isotonic';
  readonly thresholds: Float64Array;
  readonly chances: Float64Array;
}

/** Nearer to 0, the slope between two scores would not fit float32. */
const LEAST_SCORE = 1e-30;

/** Isotonic regression by pooling adjacent violators (Ayer et al. 1955; Zadrozny and Elkan 2002), in order of score. */
export function fitIsotonic(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | null = null,
): IsotonicCalibration {
  checkCalibrationRows(scores, labels);
  const rounded = Float64Array.from(scores, (score) =>
    Math.abs(score) < LEAST_SCORE ? 0 : Math.fround(score),
  );
  const order = rowsInAscendingOrder(rounded);
  // blocks of rows with one chance: first and last score, sums of labels and of weights
  const blocks: { from: number; to: number; sum: number; count: number }[] = [];
  for (const row of order) {
    const weight = weights === null ? 1 : weights[row]!;
    if (weight === 0) continue;
    const score = rounded[row]!;
    const last = blocks.at(-1);
    if (last !== undefined && last.to === score) {
      last.sum += weight * labels[row]!;
      last.count += weight;
    } else {
      pool(blocks);
      blocks.push({ from: score, to: score, sum: weight * labels[row]!, count: weight });
    }
  }
  pool(blocks);
  const thresholds: number[] = [];
  const chances: number[] = [];
  for (const { from, to, sum, count } of blocks) {
    thresholds.push(from);
    chances.push(sum / count);
    if (to > from) {
      thresholds.push(to);
      chances.push(sum / count);
    }
  }
  return {
    kind: 'isotonic',
    thresholds: Float64Array.from(thresholds),
    chances: Float64Array.from(chances),
  };
}

/** Joins the last block with those before it as long as its chance is not above theirs. */
function pool(blocks: { from: number; to: number; sum: number; count: number }[]): void {
  while (blocks.length > 1) {
    const last = blocks.at(-1)!;
    const before = blocks.at(-2)!;
    if (before.sum * last.count < last.sum * before.count) return;
    before.to = last.to;
    before.sum += last.sum;
    before.count += last.count;
    blocks.pop();
  }
}
