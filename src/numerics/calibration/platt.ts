import { FalajError } from '../../shared/errors.ts';

/** The logistic function of a score s: 1 / (1 + exp(−(slope · s + offset))). */
export interface PlattCalibration {
  readonly kind: 'platt';
  readonly slope: number;
  readonly offset: number;
}

const MAX_ITERATIONS = 100;

/**
 * Platt's scaling of a score by rows that the model has not learned from, with his priors in place of 0 and 1, so that
 * separated classes stay finite (Platt 1999; Lin, Lin and Weng 2007). Newton's method with halving.
 *
 * @param scores log odds or any other number that grows with the chance
 * @param weights how much each row counts; null where all count the same
 */
export function fitPlatt(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | null = null,
): PlattCalibration {
  const rows = checkCalibrationRows(scores, labels);
  let [positives, mass] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const weight = weights === null ? 1 : weights[row]!;
    mass += weight;
    positives += weight * labels[row]!;
  }
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (mass - positives + 2);
  const lossAt = (slope: number, offset: number): number => {
    let loss = 0;
    for (let row = 0; row < rows; row++) {
      const score = slope * scores[row]! + offset;
      const target = labels[row] === 1 ? high : low;
      const weight = weights === null ? 1 : weights[row]!;
      loss += weight * (Math.max(score, 0) - score * target + Math.log1p(Math.exp(-Math.abs(score))));
    }
    return loss;
  };
  let [slope, offset] = [0, Math.log((positives + 1) / (mass - positives + 1))];
  let loss = lossAt(slope, offset);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 1e-12, 0, 1e-12];
    for (let row = 0; row < rows; row++) {
      const score = scores[row]!;
      const chance = 1 / (1 + Math.exp(-(slope * score + offset)));
      const weight = weights === null ? 1 : weights[row]!;
      const error = weight * (chance - (labels[row] === 1 ? high : low));
      const curvature = weight * chance * (1 - chance);
      g0 += error * score;
      g1 += error;
      h00 += curvature * score * score;
      h01 += curvature * score;
      h11 += curvature;
    }
    if (Math.abs(g0) + Math.abs(g1) < 1e-10 * mass) break;
    const determinant = h00 * h11 - h01 * h01;
    const [stepSlope, stepOffset] = [
      (h11 * g0 - h01 * g1) / determinant,
      (h00 * g1 - h01 * g0) / determinant,
    ];
    let length = 1;
    let next = lossAt(slope - stepSlope, offset - stepOffset);
    while (!(next <= loss) && length > 1e-10) {
      length /= 2;
      next = lossAt(slope - length * stepSlope, offset - length * stepOffset);
    }
    if (!(next <= loss)) break;
    slope -= length * stepSlope;
    offset -= length * stepOffset;
    loss = next;
  }
  return { kind: 'platt', slope, offset };
}

/** Refuses rows that say nothing of chances, and returns their number. */
export function checkCalibrationRows(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  if (scores.length !== labels.length || labels.length === 0)
    throw new FalajError('BAD_INPUT', 'A calibration needs one label per score, and at least one.', {
      details: { scores: scores.length, labels: labels.length },
    });
  const seen = new Set<number>();
  for (let row = 0; row < labels.length; row++) {
    if (!Number.isFinite(scores[row]!))
      throw new FalajError('BAD_INPUT', `The score of row ${row + 1} is not a finite number.`, {
        details: { row },
      });
    if (labels[row] !== 0 && labels[row] !== 1)
      throw new FalajError('LABEL_UNUSABLE', `The label of row ${row + 1} is neither 0 nor 1.`, {
        details: { row },
      });
    seen.add(labels[row]!);
  }
  if (seen.size < 2)
    throw new FalajError('LABEL_UNUSABLE', 'The label has one value only in the calibration rows.', {
      hint: 'Use a larger validation part.',
    });
  return labels.length;
}
