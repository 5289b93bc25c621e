import type { Graph, Node } from '../../../numerics/onnx/index.ts';
import type { Task } from '../../../shared/definitions/training.ts';
import type { UsableModel } from './usable-model.ts';

const [FLOAT, DOUBLE] = [1, 11];
const INPUT = 'features';
/** What the model says, as float32 numbers. */
export const SAID = 'said';
const OUTPUTS: Readonly<Record<Task, string>> = {
  binary: 'probability',
  multiclass: 'probabilities',
  regression: 'prediction',
};

/** The model as it was handed over, with whatever shape its predictions have. */
export function handedGraph({ embedded, readsDoubles }: UsableModel, features: number): Graph {
  const input = readsDoubles ? 'doubles' : INPUT;
  const cast = (from: string, to: string, type: number): Node => ({
    operator: 'Cast',
    inputs: [from],
    outputs: [to],
    attributes: [{ name: 'to', integer: type }],
  });
  return {
    features,
    output: SAID,
    outputColumns: null,
    nodes: [
      ...(readsDoubles ? [cast(INPUT, input, DOUBLE)] : []),
      { operator: 'Embedded', inputs: [input], outputs: ['handed'], embedded },
      cast('handed', SAID, FLOAT),
    ],
    constants: [],
  };
}

/** The same with the one output that models of this kind of label have. */
export function finishedGraph(
  used: UsableModel,
  {
    features,
    task,
    width,
    outputs,
  }: { readonly features: number; readonly task: Task; readonly width: number; readonly outputs: number },
): Graph {
  const handed = handedGraph(used, features);
  const nodes: Node[] = [
    ...handed.nodes,
    { operator: 'Reshape', inputs: [SAID, 'shape'], outputs: ['columns'] },
    {
      operator: 'Gather',
      inputs: ['columns', 'last_columns'],
      outputs: ['chosen'],
      attributes: [{ name: 'axis', integer: 1 }],
    },
    task === 'regression'
      ? { operator: 'Identity', inputs: ['chosen'], outputs: [OUTPUTS[task]] }
      : { operator: 'Clip', inputs: ['chosen', 'least', 'most'], outputs: [OUTPUTS[task]] },
  ];
  return {
    ...handed,
    output: OUTPUTS[task],
    outputColumns: outputs,
    nodes,
    constants: [
      { name: 'shape', dims: [2], integers: [-1, width] },
      {
        name: 'last_columns',
        dims: [outputs],
        integers: Array.from({ length: outputs }, (_, column) => width - outputs + column),
      },
      ...(task === 'regression'
        ? []
        : [
            { name: 'least', dims: [], values: [0] },
            { name: 'most', dims: [], values: [1] },
          ]),
    ],
  };
}
