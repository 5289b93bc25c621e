import { fitGbdt, predictGbdtOutputs } from '../../numerics/gbdt/index.ts';
import { fitLinear, type LinearModel, type MatrixRows, predictLinear } from '../../numerics/linear/index.ts';
import { linearGraph, treesGraph } from '../../numerics/onnx/index.ts';
import type { GbdtLearner, Learner, LinearLearner } from '../../shared/definitions/training.ts';
import { assertNever } from '../../shared/errors.ts';
import { coefficientsFile } from './coefficients-file.ts';
import { lossOf } from './evaluate.ts';
import { fitThreads } from './fit-threads.ts';
import type { Contributions, FittedModel, OnIteration } from './fitted-model.ts';
import { gbdtOptions } from './gbdt-options.ts';
import { matrixOf } from './matrix-of.ts';
import { fitNetworkModel } from './network-learner.ts';
import type { BlockingLearner } from './outside/outside-learner.ts';
import { fitOutside } from './outside/outside-model.ts';
import { permutedLoss } from './permuted-loss.ts';
import { labelTask, refuseInfinite } from './request-checks.ts';
import { learningWeights } from './row-weights.ts';
import { byRow, treeContributions, treeImportance } from './tree-importance.ts';
import type { LearnRequest } from './worker-messages.ts';

type Fit = (
  request: LearnRequest,
  onIteration: OnIteration,
  onCheckpoint: (bytes: Uint8Array) => void,
  /** For learners that run in a process of their own. */
  outside: BlockingLearner | null,
) => FittedModel;

/** What fits a learner of this kind. */
export function learnerFor(learner: Learner): Fit {
  switch (learner.kind) {
    case 'gbdt':
      return (request, onIteration) => fitTrees(request, learner, onIteration);
    case 'linear':
      return (request, onIteration) => fitLinearModel(request, learner, onIteration);
    case 'mlp':
      return (request, onIteration, onCheckpoint) =>
        fitNetworkModel(request, learner, onIteration, onCheckpoint);
    case 'python':
      return (request, onIteration, _onCheckpoint, outside) => {
        if (outside === null) throw new TypeError('A script needs somebody to run it.');
        return fitOutside(request, outside, onIteration);
      };
    default:
      return assertNever(learner);
  }
}

function fitTrees(request: LearnRequest, learner: GbdtLearner, onIteration: OnIteration): FittedModel {
  const { labels, task, seed } = request;
  const all = matrixOf(request);
  const model = fitGbdt(
    {
      ...gbdtOptions(request, learner),
      onTree: (tree, trainLoss, validationLoss) =>
        onIteration(tree, learner.trees, {
          trainLoss,
          ...(validationLoss === null ? {} : { validationLoss }),
        }),
    },
    fitThreads(request.threads),
  );
  return {
    framework: 'falaj-gbdt',
    importance: (range) =>
      treeImportance(model, { ...all, ...range }, seed, (predictions, from) => {
        const of = labels.subarray(from, from + predictions.length / model.outputs);
        return lossOf(task, of, predictions);
      }),
    explain: (range) => treeContributions(model, { ...all, ...range }),
    facts: { trees: model.trees.length },
    predict: (range) => byRow(predictGbdtOutputs(model, { ...all, ...range })),
    graph: () => treesGraph(model),
  };
}

function fitLinearModel(
  request: LearnRequest,
  learner: LinearLearner,
  onIteration: OnIteration,
): FittedModel {
  const { labels, train, validation, task } = request;
  refuseInfinite(request);
  const all = matrixOf(request);
  const validationRows: MatrixRows = { ...all, from: train, to: train + validation };
  const validationLabels = labels.subarray(train, train + validation);
  let iterations = 0;
  const model = fitLinear({
    data: { ...all, from: 0, to: train },
    labels,
    weights: learningWeights(request, learner.classWeights),
    task: labelTask(request),
    l1: learner.l1,
    l2: learner.l2,
    maxIterations: learner.maxIterations,
    onIteration: (iteration, trainLoss, at) => {
      iterations = iteration;
      const loss =
        validation === 0 ? undefined : lossOf(task, validationLabels, predictLinear(at, validationRows));
      onIteration(iteration, learner.maxIterations, {
        trainLoss,
        ...(loss === undefined ? {} : { validationLoss: loss }),
      });
    },
  });
  return {
    framework: 'falaj-linear',
    importance: (range) => {
      const increase = permutedLoss(request, range, model.weights.length * all.features, (rows) =>
        predictLinear(model, rows),
      );
      return Array.from(model.means, (_, feature) => ({
        gain: meanSize(model, feature) * spread(request, feature),
        ...(increase === null ? {} : { permutation: increase[feature]! }),
      }));
    },
    explain: ({ from, to }) =>
      linearContributions(model, { ...all, from, to: Math.min(to, from + LOOKED_AT_ROWS) }),
    facts: { iterations, parameters: parametersOf(model) },
    predict: (range) => predictLinear(model, { ...all, ...range }),
    graph: () => linearGraph(model),
    files: () => ({ 'coefficients.json': coefficientsFile(request, learner, model) }),
  };
}

/** Those that do something: an l1 penalty leaves coefficients at 0. */
const parametersOf = ({ weights, intercepts }: LinearModel): number =>
  weights.reduce(
    (sum, own) => sum + own.reduce((count, weight) => count + Number(weight !== 0), 0),
    intercepts.length,
  );

/** Mean size of a feature's coefficients over the outputs. */
const meanSize = ({ weights }: LinearModel, feature: number): number =>
  weights.reduce((sum, own) => sum + Math.abs(own[feature]!), 0) / weights.length;

const LOOKED_AT_ROWS = 2000;

/**
 * Shapley values of a sum: how far each term is from its mean over the training rows, as if features were independent
 * (Lundberg and Lee 2017, corollary 1). At the means the score is the intercept.
 */
function linearContributions({ weights, means, intercepts }: LinearModel, data: MatrixRows): Contributions {
  const rows = data.to - data.from;
  const { features } = data;
  const contributions = weights.map((own) => {
    const ofOutput = new Float64Array(rows * features);
    for (let feature = 0; feature < features; feature++)
      for (let row = 0; row < rows; row++) {
        const value = data.matrix[feature * data.rows + data.from + row]!;
        ofOutput[row * features + feature] = Number.isNaN(value)
          ? 0
          : own[feature]! * (value - means[feature]!);
      }
    return ofOutput;
  });
  return { rows, base: intercepts, contributions };
}

/** Standard deviation of a feature's present values in the training part: makes coefficients comparable. */
function spread({ matrix, rows, train }: LearnRequest, feature: number): number {
  let [sum, squares, present] = [0, 0, 0];
  for (let row = 0; row < train; row++) {
    const value = matrix[feature * rows + row]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    squares += value * value;
    present++;
  }
  return present === 0 ? 0 : Math.sqrt(Math.max(0, squares / present - (sum / present) ** 2));
}
