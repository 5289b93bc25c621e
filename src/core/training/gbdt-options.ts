import type { FitGbdtOptions, Objective } from '../../numerics/gbdt/index.ts';
import type { GbdtLearner } from '../../shared/definitions/training.ts';
import { FalajError } from '../../shared/errors.ts';
import { classFactors } from './row-weights.ts';
import type { LearnRequest } from './worker-messages.ts';

/**
 * What the fit is asked for, from what the definition says.
 *
 * @throws BAD_DEFINITION naming the option that does not fit the task or the features.
 */
export function gbdtOptions(request: LearnRequest, learner: GbdtLearner): Omit<FitGbdtOptions, 'onTree'> {
  const { matrix, rows, train, validation, labels, featureNames } = request;
  return {
    data: { matrix, rows, features: featureNames.length, from: 0, to: train },
    validation: { from: train, to: train + validation },
    labels,
    weights: request.weights ?? undefined,
    classWeights: classFactors(request, learner.classWeights),
    objective: objectiveOf(request, learner),
    categorical: request.categorical,
    monotone: directions(request, learner),
    trees: learner.trees,
    leaves: learner.leaves,
    maxDepth: learner.maxDepth,
    learningRate: learner.learningRate,
    minRowsPerLeaf: learner.minRowsPerLeaf,
    minChildWeight: learner.minChildWeight,
    l1: learner.l1,
    l2: learner.l2,
    maxBins: learner.maxBins,
    rowSampling: learner.rowSampling,
    columnSampling: learner.columnSampling,
    seed: request.seed,
    earlyStopping: learner.earlyStopping,
  };
}

function objectiveOf({ task, classes }: LearnRequest, learner: GbdtLearner): Objective {
  const { objective = 'squared', alpha, delta } = learner;
  if (task !== 'regression') {
    if (learner.objective === undefined)
      return task === 'binary' ? { kind: 'binary' } : { kind: 'multiclass', classes: classes!.length };
    throw bad(
      'objective',
      `The objective ${objective} is for numbers; the task is ${task}.`,
      'Leave the objective out, or set the task to regression.',
    );
  }
  // The schema has made sure of alpha and delta.
  if (objective === 'quantile') return { kind: objective, alpha: alpha! };
  if (objective === 'huber') return { kind: objective, delta: delta! };
  return { kind: objective };
}

function directions({ featureNames, categorical }: LearnRequest, { monotone }: GbdtLearner) {
  if (monotone === undefined) return undefined;
  for (const name of Object.keys(monotone)) {
    const feature = featureNames.indexOf(name);
    if (feature < 0)
      throw bad(
        'monotone',
        `There is no feature ${name} to keep monotone.`,
        `There are: ${featureNames.join(', ')}.`,
      );
    if (categorical[feature])
      throw bad(
        'monotone',
        `The feature ${name} is text and has no order to keep.`,
        'Constrain numbers only.',
      );
  }
  return featureNames.map((name) => ({ increasing: 1, decreasing: -1, none: 0 })[monotone[name] ?? 'none']);
}

const bad = (option: string, message: string, hint: string): FalajError =>
  new FalajError('BAD_DEFINITION', message, { hint, details: { option } });
