import { DEFAULT_FIGURES, definedFigures, prepareFigures } from '../../../numerics/evaluation/index.ts';
import { FIT_SECONDS } from '../../../shared/tuning-goal.ts';
import { predicted, quantileOf } from '../evaluate.ts';
import type { OnIteration } from '../fitted-model.ts';
import { learnerFor } from '../learners.ts';
import type { BlockingLearner } from '../outside/outside-learner.ts';
import type { LearnRequest, TrialFigures } from '../worker-messages.ts';
import { measuredCosts } from './measured-costs.ts';

/** Fits a learner and measures it on the validation part alone: the test part is looked at once, by the model that is kept. */
export function fitTrial(
  request: LearnRequest,
  costs: readonly string[],
  onIteration: OnIteration,
  outside: BlockingLearner | null = null,
): TrialFigures {
  const { task, train, validation, labels, weights, learner } = request;
  const startedAt = performance.now();
  const fitted = learnerFor(learner)({ ...request, test: 0 }, onIteration, () => undefined, outside);
  const fitSeconds = (performance.now() - startedAt) / 1000;
  const [from, to] = [train, train + validation];
  const rows = predicted(
    task,
    labels.subarray(from, to),
    fitted.predict({ from, to }),
    weights?.subarray(from, to) ?? null,
  );
  return {
    metrics: definedFigures(prepareFigures(rows, { ...DEFAULT_FIGURES, quantile: quantileOf(request) })()),
    costs: { [FIT_SECONDS]: fitSeconds, ...measuredCosts(fitted, { from, to }, costs) },
  };
}
