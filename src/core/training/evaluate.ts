import {
  auc,
  averagePrecision,
  brierScore,
  calibrationCurve,
  expectedCalibrationError,
  logLoss,
  meanAbsoluteError,
  rocCurve,
  rootMeanSquaredError,
  rSquared,
} from '../../numerics/metrics/index.ts';
import type { Evaluation } from '../../shared/contract/types.ts';

const ROC_POINTS = 200;
const CALIBRATION_BINS = 20;

/** The figures of one set of predictions; figures that are not defined (one class only) are left out. */
export function measure(
  task: 'binary' | 'regression',
  labels: Float32Array,
  predictions: Float64Array,
): Record<string, number> {
  const figures: Record<string, number> =
    task === 'binary'
      ? {
          auc: auc(labels, predictions),
          prAuc: averagePrecision(labels, predictions),
          logloss: logLoss(labels, predictions),
          brier: brierScore(labels, predictions),
          ece: expectedCalibrationError(calibrationCurve(labels, predictions, CALIBRATION_BINS)),
        }
      : {
          rmse: rootMeanSquaredError(labels, predictions),
          mae: meanAbsoluteError(labels, predictions),
          r2: rSquared(labels, predictions),
        };
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value)));
}

/** `auc` becomes `baselineAuc`. */
export const prefixed = (prefix: string, metrics: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [
      `${prefix}${name[0]!.toUpperCase()}${name.slice(1)}`,
      value,
    ]),
  );

export const curves = (
  task: 'binary' | 'regression',
  labels: Float32Array,
  predictions: Float64Array,
): Pick<Evaluation, 'rocCurve' | 'calibration'> =>
  task === 'binary'
    ? {
        rocCurve: rocCurve(labels, predictions, ROC_POINTS),
        calibration: calibrationCurve(labels, predictions, CALIBRATION_BINS),
      }
    : { rocCurve: [], calibration: [] };
