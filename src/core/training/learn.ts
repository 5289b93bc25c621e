import type { Calibration } from '../../numerics/calibration/index.ts';
import { definedFigures, type PredictedRows, prepareFigures } from '../../numerics/evaluation/index.ts';
import { withCalibration, withPreprocessing, writeModel } from '../../numerics/onnx/index.ts';
import type { Evaluation } from '../../shared/contract/types.ts';
import { beforeCalibration, calibrated, fitCalibration } from './calibrate-model.ts';
import { predicted, prefixed, quantileOf } from './evaluate.ts';
import { evaluationReport } from './evaluation-report.ts';
import { shapleyReport, withShapley } from './explanation.ts';
import type { FittedModel } from './fitted-model.ts';
import { learnerFor } from './learners.ts';
import { matrixOf } from './matrix-of.ts';
import type { BlockingLearner } from './outside/outside-learner.ts';
import { chooseThreshold } from './threshold-choice.ts';
import type { LearnOutcome, LearnRequest } from './worker-messages.ts';

export interface LearnProgress {
  onIteration(step: number, of: number, metrics: Readonly<Record<string, number>>): void;
  onStep(step: 'evaluate' | 'export'): void;
  /** Everything from which the fit goes on, every so often; learners that take long alone. */
  onCheckpoint?(bytes: Uint8Array): void;
  /** Who carries a learner out that runs in a process of its own. */
  readonly outside?: BlockingLearner | null;
}

/** Fits the learner on the training part, measures it on the hold-out beside the trivial baseline, and exports it. */
export function learn(request: LearnRequest, progress: LearnProgress): LearnOutcome {
  const fitStartedAt = performance.now();
  const fitted = learnerFor(request.learner)(
    request,
    (step, of, metrics) => progress.onIteration(step, of, metrics),
    (bytes) => progress.onCheckpoint?.(bytes),
    progress.outside ?? null,
  );
  const fitMs = performance.now() - fitStartedAt;

  progress.onStep('evaluate');
  const evaluateStartedAt = performance.now();
  const { calibration, ...measured } = evaluate(request, fitted);
  const evaluateMs = performance.now() - evaluateStartedAt;

  progress.onStep('export');
  const exportStartedAt = performance.now();
  const plain = fitted.graph();
  const graph = calibration === null ? plain : withCalibration(plain, calibration);
  const { preprocessing } = request;
  const onnx = preprocessing === undefined ? writeModel(graph) : withPreprocessing(preprocessing, graph);
  const timingsMs = { fit: fitMs, evaluate: evaluateMs, export: performance.now() - exportStartedAt };
  const files = fitted.files?.() ?? {};
  return { onnx, files, framework: fitted.framework, ...measured, timingsMs };
}

type Measured = Pick<LearnOutcome, 'predictions' | 'metrics' | 'evaluation'> & {
  readonly calibration: Calibration | null;
};

function evaluate(request: LearnRequest, fitted: FittedModel): Measured {
  const { task, rows, train, validation, test, featureNames, classes, seed, calibrate: method } = request;
  const part = (from: number, to: number, of: Float64Array): PredictedRows =>
    predicted(task, request.labels.subarray(from, to), of, request.weights?.subarray(from, to) ?? null);
  const held = { from: rows - test, to: rows };
  const validated = { from: train, to: train + validation };
  const before = fitted.predict(held);
  const ofValidation = task === 'binary' ? fitted.predict(validated) : null;
  const calibration =
    method === undefined || ofValidation === null
      ? null
      : fitCalibration(method, part(validated.from, validated.to, ofValidation));
  const corrected = (chances: Float64Array): Float64Array =>
    calibration === null ? chances : calibrated(calibration, chances);
  const predictions = corrected(before);
  const threshold =
    ofValidation === null
      ? undefined
      : chooseThreshold(
          request.evaluate?.threshold,
          part(validated.from, validated.to, corrected(ofValidation)),
        );
  const figures = { threshold: threshold?.value ?? 0.5, quantile: quantileOf(request) };
  const figuresOf = (of: Float64Array): Record<string, number> =>
    definedFigures(prepareFigures(part(held.from, held.to, of), figures)());
  const { metrics, report } = evaluationReport({
    rows: part(held.from, held.to, predictions),
    slices: request.slices ?? [],
    evaluate: request.evaluate,
    figures,
    classes,
    seed,
  });
  const baseline = figuresOf(request.baseline);
  const explained = fitted.explain?.(held) ?? null;
  const evaluation: Evaluation = {
    ...report,
    ...(threshold === undefined ? {} : { threshold }),
    ...(method === undefined || calibration === null
      ? {}
      : { calibrated: beforeCalibration(method, part(held.from, held.to, before), figuresOf(before)) }),
    importance: withShapley(featureNames, fitted.importance(held), explained),
    ...(explained === null ? {} : shapleyReport(request, explained, { ...matrixOf(request), ...held })),
    baseline,
  };
  return {
    calibration,
    predictions,
    metrics: { ...metrics, ...prefixed('baseline', baseline), ...fitted.facts },
    evaluation,
  };
}
