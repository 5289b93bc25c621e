import type { IsotonicCalibration } from './isotonic.ts';
import type { PlattCalibration } from './platt.ts';

export { fitIsotonic, type IsotonicCalibration } from './isotonic.ts';
export { fitPlatt, type PlattCalibration } from './platt.ts';

export type Calibration = PlattCalibration | IsotonicCalibration;

/** Log odds further from 0 are read as these: a chance so near to 0 or 1 has lost the digits that would tell them apart. */
export const MOST_SCORE = 30;

/** The log odds of a chance. */
export const logOdds = (chance: number): number =>
  Math.min(MOST_SCORE, Math.max(-MOST_SCORE, Math.log(chance / (1 - chance))));

/** The chance of a yes at each score. */
export function calibrate(calibration: Calibration, scores: ArrayLike<number>): Float64Array {
  return Float64Array.from(scores, (score) =>
    calibration.kind === 'platt'
      ? 1 / (1 + Math.exp(-(calibration.slope * score + calibration.offset)))
      : interpolate(calibration, score),
  );
}

function interpolate({ thresholds, chances }: IsotonicCalibration, score: number): number {
  let [low, high] = [0, thresholds.length - 1];
  if (score <= thresholds[0]!) return chances[0]!;
  if (score >= thresholds[high]!) return chances[high]!;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (thresholds[middle]! <= score) low = middle;
    else high = middle;
  }
  const share = (score - thresholds[low]!) / (thresholds[high]! - thresholds[low]!);
  return chances[low]! + share * (chances[high]! - chances[low]!);
}
