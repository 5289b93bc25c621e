import type { LinearModel } from '../linear/index.ts';
import { type Graph, INPUT_NAME } from './model.ts';

const LINKS = {
  regression: { output: 'prediction', operator: null },
  binary: { output: 'probability', operator: 'Sigmoid' },
  multiclass: { output: 'probabilities', operator: 'Softmax' },
} as const;

/** Missing values become the training means, then one matrix product; a classifier ends in the logistic function or softmax. */
export function linearGraph(model: LinearModel): Graph {
  const features = model.means.length;
  const outputs = model.weights.length;
  const { output, operator } = LINKS[model.task.kind];
  return {
    features,
    output,
    outputColumns: outputs,
    nodes: [
      { operator: 'IsNaN', inputs: [INPUT_NAME], outputs: ['missing'] },
      { operator: 'Where', inputs: ['missing', 'means', INPUT_NAME], outputs: ['present'] },
      // Centred before the product: large values of small spread would lose their digits in float32 otherwise.
      { operator: 'Sub', inputs: ['present', 'means'], outputs: ['centred'] },
      {
        operator: 'Gemm',
        inputs: ['centred', 'weights', 'intercept'],
        outputs: [operator === null ? output : 'score'],
      },
      ...(operator === null ? [] : [{ operator, inputs: ['score'], outputs: [output] }]),
    ],
    constants: [
      { name: 'means', dims: [1, features], values: model.means },
      {
        name: 'weights',
        dims: [features, outputs],
        values: Float64Array.from(
          { length: features * outputs },
          (_, at) => model.weights[at % outputs]![Math.floor(at / outputs)]!,
        ),
      },
      { name: 'intercept', dims: [outputs], values: model.intercepts },
    ],
  };
}
