import { type Calibration, MOST_SCORE } from '../calibration/index.ts';
import type { Constant, Graph, Node } from './model.ts';

const [FLOAT, INT64] = [1, 7];

/** The nodes that turn a column of scores, `input`, into the chances `output`; names are prefixed by `calibration_`. */
export function calibrationNodes(
  calibration: Calibration,
  input: string,
  output: string,
): Pick<Graph, 'nodes' | 'constants'> {
  return calibration.kind === 'platt'
    ? {
        nodes: [
          {
            operator: 'Gemm',
            inputs: [input, 'calibration_slope', 'calibration_offset'],
            outputs: ['calibration_score'],
          },
          { operator: 'Sigmoid', inputs: ['calibration_score'], outputs: [output] },
        ],
        constants: [
          { name: 'calibration_slope', dims: [1, 1], values: [calibration.slope] },
          { name: 'calibration_offset', dims: [1], values: [calibration.offset] },
        ],
      }
    : isotonicNodes(calibration, input, output);
}

/** The segment of a score is the number of thresholds at or below it; each has its start, chance and slope. */
function isotonicNodes(
  { thresholds, chances }: Extract<Calibration, { kind: 'isotonic' }>,
  input: string,
  output: string,
): Pick<Graph, 'nodes' | 'constants'> {
  const name = (part: string): string => `calibration_${part}`;
  const slopes = Array.from(thresholds, (threshold, index) => {
    const next = thresholds[index + 1];
    return next === undefined ? 0 : (chances[index + 1]! - chances[index]!) / (next - threshold);
  });
  const node = (
    operator: string,
    inputs: readonly string[],
    result: string,
    attributes: Node['attributes'] = [],
  ): Node => ({
    operator,
    inputs,
    outputs: [result],
    attributes,
  });
  const row = (part: string, values: ArrayLike<number>): Constant => ({
    name: name(part),
    dims: [values.length],
    values,
  });
  return {
    nodes: [
      node('Max', [input, name('least')], name('raised')),
      node('GreaterOrEqual', [name('raised'), name('thresholds')], name('passed')),
      node('Cast', [name('passed')], name('passed_number'), [{ name: 'to', integer: FLOAT }]),
      node('ReduceSum', [name('passed_number'), name('axis')], name('count'), [
        { name: 'keepdims', integer: 1 },
      ]),
      node('Sub', [name('count'), name('one')], name('position')),
      node('Cast', [name('position')], name('segment'), [{ name: 'to', integer: INT64 }]),
      node('Gather', [name('thresholds'), name('segment')], name('start')),
      node('Gather', [name('slopes'), name('segment')], name('segment_slope')),
      node('Gather', [name('chances'), name('segment')], name('segment_chance')),
      node('Sub', [name('raised'), name('start')], name('distance')),
      node('Mul', [name('distance'), name('segment_slope')], name('rise')),
      node('Add', [name('segment_chance'), name('rise')], output),
    ],
    constants: [
      row('thresholds', thresholds),
      row('chances', chances),
      row('slopes', slopes),
      row('least', [thresholds[0]!]),
      row('one', [1]),
      { name: name('axis'), dims: [1], integers: [1] },
    ],
  };
}

/**
 * A classifier's graph whose chances are corrected: its logistic function gives way to the calibration of the same scores,
 * kept within `MOST_SCORE` of 0 as they are when it is fitted. Chances that come from elsewhere become scores first.
 */
export function withCalibration(plain: Graph, calibration: Calibration): Graph {
  const { graph, score } = scoredGraph(plain);
  const [least, most, kept] = ['calibration_least_score', 'calibration_most_score', 'calibration_input'];
  const { nodes, constants } = calibrationNodes(calibration, kept, graph.output);
  return {
    ...graph,
    nodes: [...graph.nodes, { operator: 'Clip', inputs: [score, least, most], outputs: [kept] }, ...nodes],
    constants: [
      ...graph.constants,
      { name: least, dims: [], values: [-MOST_SCORE] },
      { name: most, dims: [], values: [MOST_SCORE] },
      ...constants,
    ],
  };
}

/** The graph up to its scores, the log odds of its chances. */
function scoredGraph(graph: Graph): { readonly graph: Graph; readonly score: string } {
  const isLogistic = ({ operator, outputs }: Node): boolean =>
    operator === 'Sigmoid' && outputs[0] === graph.output;
  const logistic = graph.nodes.find(isLogistic);
  if (logistic !== undefined)
    return {
      graph: { ...graph, nodes: graph.nodes.filter((node) => node !== logistic) },
      score: logistic.inputs[0]!,
    };
  const name = (part: string): string => `calibration_${part}`;
  const renamed = (output: string): string => (output === graph.output ? name('chance') : output);
  return {
    graph: {
      ...graph,
      nodes: [
        ...graph.nodes.map((node) => ({ ...node, outputs: node.outputs.map(renamed) })),
        { operator: 'Sub', inputs: [name('whole'), name('chance')], outputs: [name('other_chance')] },
        { operator: 'Log', inputs: [name('chance')], outputs: [name('log_chance')] },
        { operator: 'Log', inputs: [name('other_chance')], outputs: [name('log_other_chance')] },
        {
          operator: 'Sub',
          inputs: [name('log_chance'), name('log_other_chance')],
          outputs: [name('log_odds')],
        },
      ],
      constants: [...graph.constants, { name: name('whole'), dims: [], values: [1] }],
    },
    score: name('log_odds'),
  };
}
