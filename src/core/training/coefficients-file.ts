import { inferLinear, type LinearModel } from '../../numerics/linear/index.ts';
import type { LinearLearner } from '../../shared/definitions/training.ts';
import { toFalajError } from '../../shared/errors.ts';
import type { LearnRequest } from './worker-messages.ts';

/**
 * A JSON table of a linear model: estimates, and without a penalty or weights their standard errors, p values and 95 %
 * intervals. Of many classes one table each.
 */
export function coefficientsFile(request: LearnRequest, learner: LinearLearner, model: LinearModel): string {
  const { matrix, rows, train, labels, featureNames, classes } = request;
  const estimatesOf = (output: number) =>
    featureNames.map((feature, index) => ({ feature, estimate: model.weights[output]![index]! }));
  const file = (content: Readonly<Record<string, unknown>>): string =>
    `${JSON.stringify(content, null, 2)}\n`;
  if (classes !== null)
    return file({
      classes: classes.map((name, output) => ({
        class: name,
        intercept: model.intercepts[output]!,
        features: estimatesOf(output),
      })),
      note: 'A model of many classes has no standard errors here.',
    });
  const estimates = estimatesOf(0);
  const table = (more: Readonly<Record<string, unknown>>): string =>
    file({ intercept: model.intercepts[0]!, ...more });
  if (learner.l1 > 0 || learner.l2 > 0)
    return table({ features: estimates, note: 'A penalised model has no standard errors.' });
  if (request.weights !== null || learner.classWeights !== undefined)
    return table({ features: estimates, note: 'A model of weighted rows has no standard errors.' });
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
