import type { NetworkOptions } from '../../numerics/network/index.ts';
import type { MlpLearner } from '../../shared/definitions/training.ts';
import { matrixOf } from './matrix-of.ts';
import { labelTask } from './request-checks.ts';
import { learningWeights } from './row-weights.ts';
import type { LearnRequest } from './worker-messages.ts';

/** What a network is learned from, on whatever device. */
export function networkOptions(request: LearnRequest, learner: MlpLearner): NetworkOptions {
  const { labels, train, validation, seed } = request;
  const { kind: _, device: __, classWeights, checkpointSeconds: ___, ...options } = learner;
  return {
    ...options,
    data: { ...matrixOf(request), from: 0, to: train },
    validation: { from: train, to: train + validation },
    labels,
    weights: learningWeights(request, classWeights),
    task: labelTask(request),
    categories: categoriesOf(request),
    seed,
  };
}

/** Categories of the training part, numbered from 0; what comes later counts as unknown. */
function categoriesOf({ categorical, matrix, rows, train }: LearnRequest): number[] {
  return categorical.map((isCategory, feature) => {
    if (!isCategory) return 0;
    let most = -1;
    for (const value of matrix.subarray(feature * rows, feature * rows + train))
      if (value > most) most = value;
    return most + 1;
  });
}
