import { inferLinear, type LinearModel } from '../../numerics/linear/index.ts';
import type { LinearLearner } from '../../shared/definitions/training.ts';
import { toFalajError } from '../../shared/errors.ts';
import type { LearnRequest } from './worker-messages.ts';

/** A JSON table of a linear model: estimates, and without a penalty their standard errors, p values and 95 % intervals. */
export function coefficientsFile(request: LearnRequest, learner: LinearLearner, model: LinearModel): string {
  const { matrix, rows, train, labels, featureNames } = request;
  const estimates = featureNames.map((feature, index) => ({ feature, estimate: model.weights[index]! }));
  const table = (more: Readonly<Record<string, unknown>>): string =>
    `${JSON.stringify({ intercept: model.intercept, ...more }, null, 2)}\n`;
  if (learner.l1 > 0 || learner.l2 > 0)
    return table({ features: estimates, note: 'A penalised model has no standard errors.' });
  try {
    const data = { matrix, rows, features: featureNames.length, from: 0, to: train };
    const inference = inferLinear(model, data, labels.subarray(0, train));
    return table({
      features: featureNames.map((feature, index) => ({ feature, ...inference.coefficients[index]! })),
      interceptInference: inference.intercept,
      ...(Number.isFinite(inference.degreesOfFreedom)
        ? { degreesOfFreedom: inference.degreesOfFreedom }
        : {}),
    });
  } catch (error) {
    // Columns that repeat others make a model without standard errors, not a failed training: the file says so.
    const { code, message } = toFalajError(error);
    if (code !== 'BAD_INPUT' && code !== 'NO_ROWS') throw error;
    return table({ features: estimates, note: message });
  }
}
