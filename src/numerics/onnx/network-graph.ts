import { CLIP_DEVIATIONS, type NetworkModel } from '../network/index.ts';
import { type Constant, type Graph, INPUT_NAME, type Node } from './model.ts';

const INT64 = 7;
const OUTPUTS = {
  regression: { name: 'prediction', operator: null },
  binary: { name: 'probability', operator: 'Sigmoid' },
  multiclass: { name: 'probabilities', operator: 'Softmax' },
} as const;

/** Numbers standardised and categories looked up, side by side, then the dense layers. */
export function networkGraph(model: NetworkModel): Graph {
  const nodes: Node[] = [];
  const constants: Constant[] = [];
  const add = (
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Node['attributes'] = [],
  ): string => {
    nodes.push({ operator, inputs, outputs: [output], attributes });
    return output;
  };
  const floats = (name: string, dims: readonly number[], values: ArrayLike<number>): string => {
    constants.push({ name, dims, values });
    return name;
  };
  const integers = (name: string, values: readonly number[]): string => {
    constants.push({ name, dims: [values.length], integers: values });
    return name;
  };

  const parts: string[] = [];
  const numbers = model.inputs.filter((input) => input.kind === 'number');
  if (numbers.length > 0) {
    const columns = integers(
      'number_columns',
      numbers.map(({ feature }) => feature),
    );
    const raw = add('Gather', [INPUT_NAME, columns], 'numbers', [{ name: 'axis', integer: 1 }]);
    const means = floats(
      'means',
      [1, numbers.length],
      numbers.map(({ mean }) => mean),
    );
    const missing = add('IsNaN', [raw], 'missing');
    const present = add('Where', [missing, means, raw], 'present');
    const centred = add('Sub', [present, means], 'centred');
    const inverse = floats(
      'inverse_deviations',
      [1, numbers.length],
      numbers.map((input) => input.inverseDeviation),
    );
    const scaled = add('Mul', [centred, inverse], 'scaled');
    const limits = [floats('least', [], [-CLIP_DEVIATIONS]), floats('most', [], [CLIP_DEVIATIONS])];
    parts.push(add('Clip', [scaled, ...limits], 'clipped'));
  }
  let table = 0;
  for (const input of model.inputs) {
    if (input.kind !== 'category') continue;
    const name = `category_${table}`;
    const raw = add('Gather', [INPUT_NAME, integers(`${name}_column`, [input.feature])], name, [
      { name: 'axis', integer: 1 },
    ]);
    const unknown = floats(`${name}_unknown`, [1, 1], [input.categories]);
    const limit = floats(`${name}_limit`, [1, 1], [input.categories]);
    const zero = floats(`${name}_zero`, [1, 1], [0]);
    // a missing value compares false with everything
    const fromZero = add('GreaterOrEqual', [name, zero], `${name}_from_zero`);
    const below = add('Less', [raw, limit], `${name}_below`);
    const isKnown = add('And', [fromZero, below], `${name}_known`);
    const code = add('Where', [isKnown, name, unknown], `${name}_code`);
    const index = add('Cast', [code], `${name}_index`, [{ name: 'to', integer: INT64 }]);
    const flat = add('Reshape', [index, integers(`${name}_shape`, [-1])], `${name}_flat`);
    const values = floats(
      `${name}_table`,
      [input.categories + 1, input.size],
      model.embeddings[table]!.subarray(0, (input.categories + 1) * input.size),
    );
    parts.push(add('Gather', [values, flat], `${name}_embedding`, [{ name: 'axis', integer: 0 }]));
    table++;
  }
  let values =
    parts.length === 1 ? parts[0]! : add('Concat', parts, 'inputs', [{ name: 'axis', integer: 1 }]);
  const { name: output, operator } = OUTPUTS[model.task.kind];
  for (const [index, layer] of model.layers.entries()) {
    const isLast = index === model.layers.length - 1;
    const weights = floats(`weights_${index}`, [layer.inputs, layer.outputs], layer.weights);
    const bias = floats(`bias_${index}`, [layer.outputs], layer.bias);
    const linear = add(
      'Gemm',
      [values, weights, bias],
      isLast && operator === null ? output : `linear_${index}`,
    );
    if (!isLast) values = add('Relu', [linear], `hidden_${index}`);
    else if (operator !== null) add(operator, [linear], output);
  }
  const outputColumns = model.layers.at(-1)!.outputs;
  return { features: model.features, output, outputColumns, nodes, constants };
}
