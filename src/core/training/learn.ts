import type { Evaluation } from '../../shared/contract/types.ts';
import { curves, measure, prefixed } from './evaluate.ts';
import { learnerFor } from './learners.ts';
import type { LearnOutcome, LearnRequest } from './worker-messages.ts';

export interface LearnProgress {
  onIteration(step: number, of: number, metrics: Readonly<Record<string, number>>): void;
  onStep(step: 'evaluate' | 'export'): void;
}

/** Fits the learner on the training part, measures it on the hold-out beside the trivial baseline, and exports it. */
export function learn(request: LearnRequest, progress: LearnProgress): LearnOutcome {
  const { labels, rows, test, task, featureNames } = request;
  const fitStartedAt = performance.now();
  const fitted = learnerFor(request.learner)(request, (step, of, metrics) =>
    progress.onIteration(step, of, metrics),
  );
  const fitMs = performance.now() - fitStartedAt;

  progress.onStep('evaluate');
  const evaluateStartedAt = performance.now();
  const predictions = fitted.predict({ from: rows - test, to: rows });
  const testLabels = labels.subarray(rows - test);
  const baseline = measure(task, testLabels, request.baseline);
  const metrics = {
    ...measure(task, testLabels, predictions),
    ...prefixed('baseline', baseline),
    ...fitted.facts,
  };
  const importances = fitted.importance({ from: rows - test, to: rows });
  const importance = featureNames
    .map((feature, index) => ({ feature, ...importances[index]! }))
    .sort((a, b) => b.gain - a.gain);
  const evaluation: Evaluation = { ...curves(task, testLabels, predictions), importance, baseline };
  const evaluateMs = performance.now() - evaluateStartedAt;

  progress.onStep('export');
  const exportStartedAt = performance.now();
  const onnx = fitted.toOnnx();
  const timingsMs = { fit: fitMs, evaluate: evaluateMs, export: performance.now() - exportStartedAt };
  const files = fitted.files?.() ?? {};
  return { onnx, files, framework: fitted.framework, metrics, evaluation, predictions, timingsMs };
}
