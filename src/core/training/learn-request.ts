import type { TrainingDefinition } from '../../shared/definitions/training.ts';
import { stepOf } from '../registry/index.ts';
import { isNative } from './fit-encoding.ts';
import type { TrainingSet } from './training-set.ts';
import { searchInputs } from './tuning/search-inputs.ts';
import type { TuneRequest } from './tuning/tune-request.ts';
import type { LearnRequest } from './worker-messages.ts';

/** What a definition asks a learner to make of a set, with as many threads as there are. */
export function learnRequest(
  definition: TrainingDefinition,
  set: TrainingSet,
  threads: number,
): LearnRequest {
  return {
    matrix: set.matrix,
    labels: set.labels,
    rows: set.rows,
    ...set.split,
    ...columnsOf(definition, set.matrixFeatures),
    preprocessing: { steps: set.features.map(stepOf), width: set.matrixFeatures.length },
    weights: set.weights,
    classes: set.classes,
    baseline: set.baseline,
    task: definition.task,
    learner: definition.learner,
    calibrate: definition.calibrate,
    evaluate: definition.evaluate,
    slices: set.slices,
    seed: definition.seed,
    threads: Math.min(askedThreads(definition), threads),
  };
}

/** What a search learns with: the set, and its folds. */
export function searchRequests(
  definition: TrainingDefinition,
  set: TrainingSet,
  threads: number,
): Pick<TuneRequest, 'learn' | 'folds' | 'inputs'> {
  const learn = learnRequest(definition, set, threads);
  const folds = set.folds.map(
    ({ matrix, matrixFeatures, labels, weights, rows, train, validation }): LearnRequest => ({
      ...learn,
      ...columnsOf(definition, matrixFeatures),
      matrix,
      labels,
      weights,
      rows,
      train,
      validation,
      test: rows - train - validation,
    }),
  );
  return { learn, folds, inputs: searchInputs(set) };
}

const columnsOf = (
  definition: TrainingDefinition,
  features: TrainingSet['matrixFeatures'],
): Pick<LearnRequest, 'featureNames' | 'categorical'> => ({
  featureNames: features.map(({ name }) => name),
  categorical: features.map(({ categorical }) => categorical && isNative(definition)),
});

const askedThreads = ({ learner }: TrainingDefinition): number =>
  (learner.kind === 'python' ? learner.cpus : undefined) ?? Number.POSITIVE_INFINITY;
