import {
  DEFAULT_FIGURES,
  definedFigures,
  type PredictedRows,
  plainLoss,
  prepareFigures,
  rankRows,
  reliabilityOf,
  rocOf,
  thresholdPoints,
} from '../../numerics/evaluation/index.ts';
import type { Evaluation } from '../../shared/contract/types.ts';
import type { Task } from '../../shared/definitions/training.ts';
import { prefixedName } from '../../shared/tuning-goal.ts';
import type { LearnRequest } from './worker-messages.ts';

export const CURVE_POINTS = 200;
export const CALIBRATION_GROUPS = 20;

/** Rows of one kind of label, all counting the same unless said. */
export const predicted = (
  task: Task,
  labels: Float32Array,
  predictions: Float64Array,
  weights: Float32Array | null = null,
): PredictedRows => ({
  task,
  labels,
  predictions,
  outputs: labels.length === 0 ? 1 : predictions.length / labels.length,
  weights,
});

/** The figures of one set of predictions; figures that are not defined (one class only) are left out. */
export const measure = (
  task: Task,
  labels: Float32Array,
  predictions: Float64Array,
): Record<string, number> =>
  definedFigures(prepareFigures(predicted(task, labels, predictions), DEFAULT_FIGURES)());

/** The loss by which a learner's progress is shown, and features are judged. */
export const lossOf = (task: Task, labels: Float32Array, predictions: Float64Array): number =>
  plainLoss(predicted(task, labels, predictions));

/** The quantile that a learner predicts, if it does. */
export const quantileOf = ({ learner }: Pick<LearnRequest, 'learner'>): number | null =>
  learner.kind === 'gbdt' && learner.objective === 'quantile' ? (learner.alpha ?? null) : null;

/** The same metrics, named as of a part or a baseline. */
export const prefixed = (prefix: string, metrics: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).map(([name, value]) => [prefixedName(prefix, name), value]));

/** ROC and reliability of chances of a yes; empty for other labels. */
export function curves(
  task: Task,
  labels: Float32Array,
  predictions: Float64Array,
): Pick<Evaluation, 'rocCurve' | 'calibration'> {
  if (task !== 'binary') return { rocCurve: [], calibration: [] };
  const ranked = rankRows(predicted(task, labels, predictions));
  return {
    rocCurve: rocOf(thresholdPoints(ranked, CURVE_POINTS)),
    calibration: reliabilityOf(ranked, CALIBRATION_GROUPS),
  };
}
