import { fitGbdt, predictGbdtOutputs } from '../../numerics/gbdt/index.ts';
import { permutationImportance } from '../../numerics/importance/index.ts';
import { fitLinear, type LinearModel, type MatrixRows, predictLinear } from '../../numerics/linear/index.ts';
import { linearGraph, treesGraph } from '../../numerics/onnx/index.ts';
import type { GbdtLearner, Learner, LinearLearner } from '../../shared/definitions/training.ts';
import { assertNever } from '../../shared/errors.ts';
import { coefficientsFile } from './coefficients-file.ts';
import { measure } from './evaluate.ts';
import { fitThreads } from './fit-threads.ts';
import type { Contributions, FittedModel, OnIteration } from './fitted-model.ts';
import { gbdtOptions } from './gbdt-options.ts';
import { matrixOf } from './matrix-of.ts';
import { fitNetworkModel } from './network-learner.ts';
import { byRow, treeContributions, treeImportance } from './tree-importance.ts';
import type { LearnRequest, OneOutputRequest } from './worker-messages.ts';

type Fit = (request: LearnRequest, onIteration: OnIteration) => FittedModel;

export function learnerFor(learner: Learner): Fit {
  switch (learner.kind) {
    case 'gbdt':
      return (request, onIteration) => fitTrees(request, learner, onIteration);
    case 'linear':
      return (request, onIteration) => fitLinearModel(oneOutput(request), learner, onIteration);
    case 'mlp':
      return (request, onIteration) => fitNetworkModel(oneOutput(request), learner, onIteration);
    default:
      return assertNever(learner);
  }
}

/** Definitions give labels of many classes to boosted trees alone. */
function oneOutput({ task, ...request }: LearnRequest): OneOutputRequest {
  if (task === 'multiclass') throw new Error('This learner has one output.');
  return { ...request, task };
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
        return measure(task, of, predictions)[LOSS[task]]!;
      }),
    explain: (range) => treeContributions(model, { ...all, ...range }),
    facts: { trees: model.trees.length },
    predict: (range) => byRow(predictGbdtOutputs(model, { ...all, ...range })),
    graph: () => treesGraph(model),
  };
}

/** The metric by which a learner's progress is shown. */
const LOSS = { binary: 'logloss', multiclass: 'logloss', regression: 'rmse' } as const;

function fitLinearModel(
  request: OneOutputRequest,
  learner: LinearLearner,
  onIteration: OnIteration,
): FittedModel {
  const { labels, train, validation, task } = request;
  const all = matrixOf(request);
  const validationRows: MatrixRows = { ...all, from: train, to: train + validation };
  const validationLabels = labels.subarray(train, train + validation);
  let iterations = 0;
  const model = fitLinear({
    data: { ...all, from: 0, to: train },
    labels,
    task,
    l1: learner.l1,
    l2: learner.l2,
    maxIterations: learner.maxIterations,
    onIteration: (iteration, trainLoss, at) => {
      iterations = iteration;
      const loss =
        validation === 0
          ? undefined
          : measure(task, validationLabels, predictLinear(at, validationRows))[LOSS[task]];
      onIteration(iteration, learner.maxIterations, {
        trainLoss,
        ...(loss === undefined ? {} : { validationLoss: loss }),
      });
    },
  });
  return {
    framework: 'falaj-linear',
    importance: ({ from, to }) => {
      const data = { ...all, from, to: Math.min(to, from + LOOKED_AT_ROWS) };
      const { increase } = permutationImportance({
        data,
        loss: (rows) =>
          measure(task, labels.subarray(from, data.to), predictLinear(model, rows))[LOSS[task]]!,
        repeats: PERMUTATIONS,
        seed: request.seed,
      });
      return Array.from(model.weights, (weight, feature) => ({
        gain: Math.abs(weight) * spread(request, feature),
        permutation: increase[feature]!,
      }));
    },
    explain: ({ from, to }) =>
      linearContributions(model, { ...all, from, to: Math.min(to, from + LOOKED_AT_ROWS) }),
    facts: { iterations },
    predict: (range) => predictLinear(model, { ...all, ...range }),
    graph: () => linearGraph(model),
    files: () => ({ 'coefficients.json': coefficientsFile(request, learner, model) }),
  };
}

const LOOKED_AT_ROWS = 2000;
const PERMUTATIONS = 3;

/** Shapley values of a sum: how far each term is from its mean over the training rows, as if features were independent. */
function linearContributions({ weights, means }: LinearModel, data: MatrixRows): Contributions {
  const rows = data.to - data.from;
  const { features } = data;
  const contributions = new Float64Array(rows * features);
  for (let feature = 0; feature < features; feature++)
    for (let row = 0; row < rows; row++) {
      const value = data.matrix[feature * data.rows + data.from + row]!;
      contributions[row * features + feature] = Number.isNaN(value)
        ? 0
        : weights[feature]! * (value - means[feature]!);
    }
  return { rows, contributions: [contributions] };
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
