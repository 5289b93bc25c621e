import {
  auc,
  averagePrecision,
  brierScore,
  calibrationCurve,
  expectedCalibrationError,
  logLoss,
  meanAbsoluteError,
  measureMulticlass,
  rocCurve,
  rootMeanSquaredError,
  rSquared,
} from '../../numerics/metrics/index.ts';
import type { Evaluation } from '../../shared/contract/types.ts';
import type { Task } from '../../shared/definitions/training.ts';

const ROC_POINTS = 200;
const CALIBRATION_BINS = 20;

/** The figures of one set of predictions; figures that are not defined (one class only) are left out. */
export function measure(task: Task, labels: Float32Array, predictions: Float64Array): Record<string, number> {
  const figures: Record<string, number> =
    task === 'multiclass'
      ? measureClasses(labels, predictions)
      : task === 'binary'
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

/** Log loss, share of rows whose likeliest class is theirs, and means over the classes, each against the rest. */
function measureClasses(labels: Float32Array, predictions: Float64Array): Record<string, number> {
  const classes = predictions.length / labels.length;
  const { logloss, accuracy, macroAuc, macroPrAuc, macroF1 } = measureMulticlass(
    labels,
    predictions,
    classes,
  );
  return { logloss, accuracy, auc: macroAuc, prAuc: macroPrAuc, f1: macroF1 };
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
  task: Task,
  labels: Float32Array,
  predictions: Float64Array,
): Pick<Evaluation, 'rocCurve' | 'calibration'> =>
  task === 'binary'
    ? {
        rocCurve: rocCurve(labels, predictions, ROC_POINTS),
        calibration: calibrationCurve(labels, predictions, CALIBRATION_BINS),
      }
    : { rocCurve: [], calibration: [] };
