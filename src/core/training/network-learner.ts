import { cpuBackend, createPredictor, fitNetwork, type NetworkModel } from '../../numerics/network/index.ts';
import { networkGraph } from '../../numerics/onnx/index.ts';
import type { MlpLearner } from '../../shared/definitions/training.ts';
import { networkThreads } from './fit-threads.ts';
import type { FittedModel, OnIteration } from './fitted-model.ts';
import { matrixOf } from './matrix-of.ts';
import { readCheckpoint } from './network-checkpoint.ts';
import { sampledContributions } from './network-contributions.ts';
import { networkListener } from './network-listener.ts';
import { networkOptions } from './network-options.ts';
import { permutedLoss } from './permuted-loss.ts';
import { refuseInfinite } from './request-checks.ts';
import type { LearnRequest } from './worker-messages.ts';

/** A dense network of numbers and embedded categories. */
export function fitNetworkModel(
  request: LearnRequest,
  learner: MlpLearner,
  onIteration: OnIteration,
  onCheckpoint: (bytes: Uint8Array) => void,
): FittedModel {
  const { train, seed } = request;
  refuseInfinite(request);
  const all = matrixOf(request);
  const kept = request.checkpoint === undefined ? null : readCheckpoint(request.checkpoint);
  // The threads end with this one: the model is asked to predict after it has learned.
  const backend = cpuBackend(networkThreads(request.threads));
  const fit = fitNetwork(
    networkOptions(request, learner),
    networkListener(learner, kept, onIteration, { onCheckpoint }),
    kept?.checkpoint ?? null,
    backend,
  );
  const predict = createPredictor(backend, fit.model);
  const workPerRow = fit.model.layers.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0);
  // A number's link changes nothing: what is predicted are the scores themselves.
  const scores: NetworkModel = { ...fit.model, task: { kind: 'regression' } };
  return {
    framework: 'falaj-mlp',
    facts: { epochs: fit.epochs, bestEpoch: fit.bestEpoch, parameters: parametersOf(fit.model) },
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

const parametersOf = ({ embeddings, layers }: NetworkModel): number =>
  embeddings.reduce((sum, { length }) => sum + length, 0) +
  layers.reduce((sum, { weights, bias }) => sum + weights.length + bias.length, 0);
