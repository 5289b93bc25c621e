import { BETA1, BETA2, decayOf, EPSILON } from './adam.ts';
import type { NetworkBackend } from './backend.ts';
import { batchLoss, meanLoss } from './losses.ts';
import { createPredictor, toModel } from './model.ts';
import { createParameters } from './parameters.ts';
import type { NetworkPlan } from './plan.ts';
import type { NetworkTrainer } from './trainer.ts';
import { createTrainingPass } from './training-pass.ts';

/** A network in the CPU's own memory, where numbers are at home already and nothing is waited for. */
export function createCpuTrainer(plan: NetworkPlan, backend: NetworkBackend): NetworkTrainer {
  const { options, inputs, label } = plan;
  const { data, task, labels, weights } = options;
  const parameters = createParameters(
    backend,
    inputs,
    options.hidden,
    plan.outputs,
    options.batchNorm,
    options.seed,
  );
  const pass = createTrainingPass(backend, data, inputs, parameters, options.dropout, plan.batchRows);
  const current = () => toModel(task, inputs, data.features, parameters, label);
  const predictor = createPredictor(backend, current());
  const { decay, l2 } = decayOf(options);
  let pending = { loss: 0, weight: 0 };
  let validationLoss: number | null = null;

  return {
    name: backend.name,
    answersAtOnce: true,
    parameters,
    learn({ rows, seed, step, learningRate }) {
      const scores = pass.forward(rows, seed);
      const { loss, weight } = batchLoss(task, labels, weights, label, rows, scores, pass.scoreGradient);
      pending.loss += loss;
      pending.weight += weight;
      pass.backward();
      for (const parameter of parameters.all)
        backend.adam(parameter, {
          rate: learningRate,
          beta1: BETA1,
          beta2: BETA2,
          epsilon: EPSILON,
          step,
          decay: parameter.decays ? decay : 0,
          l2: parameter.decays ? l2 : 0,
        });
      return undefined;
    },
    collect(tally) {
      tally.loss += pending.loss;
      tally.weight += pending.weight;
      pending = { loss: 0, weight: 0 };
      return undefined;
    },
    fetch: () => undefined,
    load: () => undefined,
    validate() {
      validationLoss = meanLoss(options, predictor, current());
      return undefined;
    },
    get validationLoss() {
      return validationLoss;
    },
  };
}
