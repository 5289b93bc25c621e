import {
  type Calibration,
  calibrate,
  fitIsotonic,
  fitPlatt,
  logOdds,
  MOST_SCORE,
} from '../../numerics/calibration/index.ts';
import { type PredictedRows, rankRows, reliabilityOf } from '../../numerics/evaluation/index.ts';
import type { Evaluation } from '../../shared/contract/types.ts';
import type { CalibrationMethod } from '../../shared/definitions/training.ts';
import { FalajError } from '../../shared/errors.ts';
import { CALIBRATION_GROUPS } from './evaluate.ts';

/**
 * Steps of the scores between which an isotonic calibration can rise. It may not rise so steeply that the rounding of a
 * score in float32 shows in the chance.
 */
const STEPS = 64;

/**
 * Learns on the validation rows how a model's chances are to be corrected.
 *
 * @throws NO_ROWS without validation rows, LABEL_UNUSABLE where they have one class only.
 */
export function fitCalibration(
  method: CalibrationMethod,
  { labels, predictions, weights }: PredictedRows,
): Calibration {
  if (labels.length === 0)
    throw new FalajError('NO_ROWS', 'The validation part, on which chances are calibrated, has no rows.', {
      hint: 'Import more rows, or set split.validation higher.',
    });
  const scores = Float64Array.from(predictions, logOdds);
  if (method === 'platt') return fitPlatt(scores, labels, weights);
  const least = scores.reduce((low, score) => Math.min(low, score), MOST_SCORE);
  const most = scores.reduce((high, score) => Math.max(high, score), -MOST_SCORE);
  const step = (most - least) / STEPS || 1;
  const fit = fitIsotonic(
    scores.map((score) => least + Math.round((score - least) / step) * step),
    labels,
    weights,
  );
  // So many rows cannot say that something never or always happens (Laplace's rule of succession).
  const rarest = 1 / (labels.length + 2);
  return { ...fit, chances: fit.chances.map((chance) => Math.min(1 - rarest, Math.max(rarest, chance))) };
}

/** Chances as the calibration corrects them. */
export const calibrated = (calibration: Calibration, chances: Float64Array): Float64Array =>
  calibrate(calibration, chances.map(logOdds));

/** What the run says of a calibration: how the chances of the hold-out were before it. */
export const beforeCalibration = (
  method: CalibrationMethod,
  rows: PredictedRows,
  metricsBefore: Record<string, number>,
): NonNullable<Evaluation['calibrated']> => ({
  method,
  before: reliabilityOf(rankRows(rows), CALIBRATION_GROUPS),
  metricsBefore,
});
