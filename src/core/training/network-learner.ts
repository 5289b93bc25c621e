import { cpuBackend, createPredictor, fitNetwork, type NetworkModel } from '../../numerics/network/index.ts';
import { networkGraph } from '../../numerics/onnx/index.ts';
import type { MlpLearner } from '../../shared/definitions/training.ts';
import { networkThreads } from './fit-threads.ts';
import type { FittedModel, OnIteration } from './fitted-model.ts';
import { matrixOf } from './matrix-of.ts';
import { readCheckpoint, writeCheckpoint } from './network-checkpoint.ts';
import { sampledContributions } from './network-contributions.ts';
import { permutedLoss } from './permuted-loss.ts';
import { labelTask, refuseInfinite } from './request-checks.ts';
import { learningWeights } from './row-weights.ts';
import type { LearnRequest } from './worker-messages.ts';

const CHECKPOINT_SECONDS = 30;

/** A dense network of numbers and embedded categories. */
export function fitNetworkModel(
  request: LearnRequest,
  learner: MlpLearner,
  onIteration: OnIteration,
  onCheckpoint: (bytes: Uint8Array) => void,
): FittedModel {
  const { labels, train, validation, seed } = request;
  refuseInfinite(request);
  const all = matrixOf(request);
  const { kind: _, classWeights, checkpointSeconds = CHECKPOINT_SECONDS, ...options } = learner;
  const kept = request.checkpoint === undefined ? null : readCheckpoint(request.checkpoint);
  const epochs = [...(kept?.epochs ?? [])];
  for (const { epoch, metrics } of epochs) onIteration(epoch, learner.epochs, metrics);
  let savedAt = performance.now();
  // The threads end with this one: the model is asked to predict after it has learned.
  const backend = cpuBackend(networkThreads(request.threads));
  const fit = fitNetwork(
    {
      ...options,
      data: { ...all, from: 0, to: train },
      validation: { from: train, to: train + validation },
      labels,
      weights: learningWeights(request, classWeights),
      task: labelTask(request),
      categories: categoriesOf(request),
      seed,
    },
    {
      onEpoch: (epoch, trainLoss, validationLoss) => {
        const metrics = { trainLoss, ...(validationLoss === null ? {} : { validationLoss }) };
        epochs.push({ epoch, metrics });
        onIteration(epoch, learner.epochs, metrics);
      },
      checkpointDue: () => performance.now() - savedAt >= checkpointSeconds * 1000,
      onCheckpoint: (checkpoint) => {
        onCheckpoint(writeCheckpoint({ checkpoint, epochs }));
        savedAt = performance.now();
      },
    },
    kept?.checkpoint ?? null,
    backend,
  );
  const predict = createPredictor(backend, fit.model);
  const workPerRow = fit.model.layers.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0);
  // A number's link changes nothing: what is predicted are the scores themselves.
  const scores: NetworkModel = { ...fit.model, task: { kind: 'regression' } };
  return {
    framework: 'falaj-mlp',
    facts: { epochs: fit.epochs, bestEpoch: fit.bestEpoch },
    predict: (range) => predict(fit.model, { ...all, ...range }),
    importance: (range) => {
      const increase = permutedLoss(request, range, workPerRow, (rows) => predict(fit.model, rows));
      if (increase === null) return Array.from({ length: all.features }, () => ({ gain: 0 }));
      return Array.from(increase, (growth) => ({ gain: Math.max(0, growth), permutation: growth }));
    },
    explain: (range) =>
      sampledContributions(
        {
          workPerRow,
          outputs: fit.model.layers.at(-1)!.outputs,
          score: (rows) => predict(scores, rows),
        },
        { ...all, ...range },
        { ...all, from: 0, to: train },
        seed,
      ),
    graph: () => networkGraph(fit.model),
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
