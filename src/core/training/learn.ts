import { definedFigures, prepareFigures } from '../../numerics/evaluation/index.ts';
import type { Evaluation } from '../../shared/contract/types.ts';
import { predicted, prefixed } from './evaluate.ts';
import { evaluationReport } from './evaluation-report.ts';
import { shapleyPoints, withShapley } from './explanation.ts';
import type { FittedModel } from './fitted-model.ts';
import { learnerFor } from './learners.ts';
import { matrixOf } from './matrix-of.ts';
import { chooseThreshold } from './threshold-choice.ts';
import type { LearnOutcome, LearnRequest } from './worker-messages.ts';

export interface LearnProgress {
  onIteration(step: number, of: number, metrics: Readonly<Record<string, number>>): void;
  onStep(step: 'evaluate' | 'export'): void;
}

/** Fits the learner on the training part, measures it on the hold-out beside the trivial baseline, and exports it. */
export function learn(request: LearnRequest, progress: LearnProgress): LearnOutcome {
  const fitStartedAt = performance.now();
  const fitted = learnerFor(request.learner)(request, (step, of, metrics) =>
    progress.onIteration(step, of, metrics),
  );
  const fitMs = performance.now() - fitStartedAt;

  progress.onStep('evaluate');
  const evaluateStartedAt = performance.now();
  const { predictions, metrics, evaluation } = evaluate(request, fitted);
  const evaluateMs = performance.now() - evaluateStartedAt;

  progress.onStep('export');
  const exportStartedAt = performance.now();
  const onnx = fitted.toOnnx();
  const timingsMs = { fit: fitMs, evaluate: evaluateMs, export: performance.now() - exportStartedAt };
  const files = fitted.files?.() ?? {};
  return { onnx, files, framework: fitted.framework, metrics, evaluation, predictions, timingsMs };
}

function evaluate(
  request: LearnRequest,
  fitted: FittedModel,
): Pick<LearnOutcome, 'predictions' | 'metrics' | 'evaluation'> {
  const { task, rows, train, validation, test, featureNames, classes, seed } = request;
  const part = (from: number, to: number, of: Float64Array) =>
    predicted(task, request.labels.subarray(from, to), of, request.weights?.subarray(from, to) ?? null);
  const held = { from: rows - test, to: rows };
  const predictions = fitted.predict(held);
  const threshold =
    task === 'binary'
      ? chooseThreshold(
          request.evaluate?.threshold,
          validation === 0
            ? null
            : part(train, train + validation, fitted.predict({ from: train, to: train + validation })),
        )
      : undefined;
  const figures = { threshold: threshold?.value ?? 0.5, quantile: quantileOf(request) };
  const { metrics, report } = evaluationReport({
    rows: part(held.from, held.to, predictions),
    slices: request.slices ?? [],
    evaluate: request.evaluate,
    figures,
    classes,
    seed,
  });
  const baseline = definedFigures(prepareFigures(part(held.from, held.to, request.baseline), figures)());
  const explained = fitted.explain?.(held) ?? null;
  const evaluation: Evaluation = {
    ...report,
    ...(threshold === undefined ? {} : { threshold }),
    importance: withShapley(featureNames, fitted.importance(held), explained),
    ...(explained === null
      ? {}
      : { shapley: shapleyPoints(request, explained, { ...matrixOf(request), ...held }) }),
    baseline,
  };
  return {
    predictions,
    metrics: { ...metrics, ...prefixed('baseline', baseline), ...fitted.facts },
    evaluation,
  };
}

/** The quantile that a learner predicts, if it does. */
const quantileOf = ({ learner }: LearnRequest): number | null =>
  learner.kind === 'gbdt' && learner.objective === 'quantile' ? (learner.alpha ?? null) : null;
