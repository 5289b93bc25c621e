import type { LinearModel } from '../linear/index.ts';
import { type Graph, INPUT_NAME, writeModel } from './model.ts';

/** Missing values become the training means, then one matrix product; a classifier ends in the logistic function. */
export function linearGraph(model: LinearModel): Graph {
  const features = model.weights.length;
  const binary = model.task === 'binary';
  const output = binary ? 'probability' : 'prediction';
  return {
    features,
    output,
    nodes: [
      { operator: 'IsNaN', inputs: [INPUT_NAME], outputs: ['missing'] },
      { operator: 'Where', inputs: ['missing', 'means', INPUT_NAME], outputs: ['present'] },
      // Centred before the product: large values of small spread would lose their digits in float32 otherwise.
      { operator: 'Sub', inputs: ['present', 'means'], outputs: ['centred'] },
      { operator: 'Gemm', inputs: ['centred', 'weights', 'intercept'], outputs: [binary ? 'score' : output] },
      ...(binary ? [{ operator: 'Sigmoid', inputs: ['score'], outputs: [output] }] : []),
    ],
    constants: [
      { name: 'means', dims: [1, features], values: model.means },
      { name: 'weights', dims: [features, 1], values: model.weights },
      { name: 'intercept', dims: [1], values: [model.intercept] },
    ],
  };
}

export const linearToOnnx = (model: LinearModel): Uint8Array => writeModel(linearGraph(model));
