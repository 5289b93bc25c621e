import type { FitGbdtOptions, Objective } from '../../numerics/gbdt/index.ts';
import type { GbdtLearner } from '../../shared/definitions/training.ts';
import { FalajError } from '../../shared/errors.ts';
import type { LearnRequest } from './worker-messages.ts';

/** What the fit is asked for, from what the definition says. Throws BAD_DEFINITION naming the option that does not fit the task or the features. */
export function gbdtOptions(request: LearnRequest, learner: GbdtLearner): Omit<FitGbdtOptions, 'onTree'> {
  const { matrix, rows, train, validation, labels, featureNames } = request;
  return {
    data: { matrix, rows, features: featureNames.length, from: 0, to: train },
    validation: { from: train, to: train + validation },
    labels,
    weights: request.weights ?? undefined,
    classWeights: classWeights(request, learner),
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

function classWeights({ task, classes, labels, train, weights }: LearnRequest, learner: GbdtLearner) {
  if (learner.classWeights === undefined) return undefined;
  if (task === 'regression')
    throw bad(
      'classWeights',
      'Class weights are for classes; the task is regression.',
      'Remove classWeights, or weigh rows by a column.',
    );
  if (learner.classWeights !== 'balanced') return learner.classWeights;
  const sums = new Array<number>(classes?.length ?? 2).fill(0);
  for (let row = 0; row < train; row++) sums[labels[row]!]! += weights?.[row] ?? 1;
  // Each class that there is counts the same share of all weight.
  const total = sums.reduce((all, sum) => all + sum, 0);
  const present = sums.filter((sum) => sum > 0).length;
  return sums.map((sum) => (sum > 0 ? total / present / sum : 1));
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
