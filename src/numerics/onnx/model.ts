import { type EmbeddedModel, embeddedParts } from './embedded-model.ts';
import { MessageWriter } from './protobuf.ts';

/** Field numbers below are those of onnx.proto; values of enumerations likewise. */
const IR_VERSION = 8;
const OPSET = 17;
const ML_OPSET = 3;
const FLOAT = 1;
const INT64 = 7;
const DOUBLE = 11;
const TEXT = 8;
const INPUT_TYPES = { float32: FLOAT, float64: DOUBLE, string: TEXT } as const;
const ATTRIBUTE = { float: 1, integer: 2, text: 3, floats: 6, integers: 7, texts: 8 } as const;

export const INPUT_NAME = 'features';

export type Attribute =
  | { readonly name: string; readonly float: number }
  | { readonly name: string; readonly integer: number }
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly floats: ArrayLike<number> }
  | { readonly name: string; readonly integers: ArrayLike<number> }
  | { readonly name: string; readonly texts: readonly string[] };

export interface Node {
  readonly operator: string;
  readonly domain?: 'ai.onnx.ml' | 'com.microsoft';
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: readonly Attribute[];
  /** In place of an operator: a model of another program, from its one input to its one output. */
  readonly embedded?: EmbeddedModel;
}

/** Float32 numbers, float64 numbers, or 64-bit integers. */
export type Constant = { readonly name: string; readonly dims: readonly number[] } & (
  | { readonly values: ArrayLike<number> }
  | { readonly doubles: readonly number[] }
  | { readonly integers: readonly number[] }
);

/** A column of its own, with any number of rows. */
export interface GraphInput {
  readonly name: string;
  readonly type: 'float32' | 'float64' | 'string';
}

export interface Graph {
  /** Columns of the one input, a float32 matrix with any number of rows. */
  readonly features: number;
  /** In place of that input: columns of their own, from which a node makes the matrix. */
  readonly inputs?: readonly GraphInput[];
  /** Name of the one output, a float32 matrix. */
  readonly output: string;
  /** Columns of the output, 1 unless said; null where its shape is not known. */
  readonly outputColumns?: number | null;
  readonly nodes: readonly Node[];
  readonly constants: readonly Constant[];
}

/** The bytes of an ONNX file. The same graph gives the same bytes: nothing of the time or the machine goes in. */
export function writeModel(graph: Graph): Uint8Array {
  const embedded = graph.nodes.flatMap((node) => node.embedded ?? []);
  const newest = (domain: string, own: number): number =>
    // Of this set, what was made for an earlier one is the same in ours.
    Math.max(own, ...embedded.map(({ operatorSets }) => operatorSets.get(domain) ?? 0));
  const model = new MessageWriter()
    .integer(1, Math.max(IR_VERSION, ...embedded.map(({ irVersion }) => irVersion)))
    .text(2, 'falaj')
    .message(7, (message) => writeGraph(message, graph))
    .message(8, (message) => message.text(1, '').integer(2, defaultOpset(embedded)))
    .message(8, (message) => message.text(1, 'ai.onnx.ml').integer(2, newest('ai.onnx.ml', ML_OPSET)));
  // only named where it is used: other runtimes do not know it
  const isMicrosoft = (node: Node): boolean =>
    node.domain === 'com.microsoft' || node.embedded?.operatorSets.has('com.microsoft') === true;
  if (graph.nodes.some(isMicrosoft))
    model.message(8, (message) => message.text(1, 'com.microsoft').integer(2, 1));
  return model.finish();
}

/** An embedded model is written with the set that it was made for; what our own nodes use is the same in all from 13 on. */
const defaultOpset = (embedded: readonly EmbeddedModel[]): number =>
  embedded.map(({ operatorSets }) => operatorSets.get('')).find((version) => version !== undefined) ?? OPSET;

function writeGraph(message: MessageWriter, graph: Graph): void {
  const tensors: Uint8Array[] = [];
  for (const node of graph.nodes) {
    if (node.embedded === undefined) {
      message.message(1, (inner) => writeNode(inner, node));
      continue;
    }
    const parts = embeddedParts(node.embedded, node);
    for (const bytes of parts.nodes) message.bytes(1, bytes);
    tensors.push(...parts.tensors);
  }
  message.text(2, 'model');
  for (const tensor of tensors) message.bytes(5, tensor);
  for (const constant of graph.constants) {
    message.message(5, (inner) => {
      const [type, numbers] = constantNumbers(constant);
      inner.packedIntegers(1, constant.dims).integer(2, type).text(8, constant.name);
      inner.bytes(9, new Uint8Array(numbers.buffer));
    });
  }
  if (graph.inputs === undefined)
    message.message(11, (inner) => writeMatrix(inner, INPUT_NAME, graph.features));
  for (const { name, type } of graph.inputs ?? [])
    message.message(11, (inner) => writeMatrix(inner, name, 1, INPUT_TYPES[type]));
  const { output, outputColumns = 1 } = graph;
  message.message(12, (inner) => {
    if (outputColumns !== null) writeMatrix(inner, output, outputColumns);
    else inner.text(1, output).message(2, (typed) => typed.message(1, (tensor) => tensor.integer(1, FLOAT)));
  });
}

function constantNumbers(constant: Constant): [number, Float32Array | Float64Array | BigInt64Array] {
  if ('values' in constant) return [FLOAT, Float32Array.from(constant.values)];
  if ('doubles' in constant) return [DOUBLE, Float64Array.from(constant.doubles)];
  return [INT64, BigInt64Array.from(constant.integers, (value) => BigInt(value))];
}

function writeNode(message: MessageWriter, node: Node): void {
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(4, node.operator);
  for (const attribute of node.attributes ?? [])
    message.message(5, (inner) => writeAttribute(inner, attribute));
  if (node.domain) message.text(7, node.domain);
}

function writeAttribute(message: MessageWriter, attribute: Attribute): void {
  message.text(1, attribute.name);
  if ('float' in attribute) message.float(2, attribute.float).integer(20, ATTRIBUTE.float);
  else if ('integer' in attribute) message.integer(3, attribute.integer).integer(20, ATTRIBUTE.integer);
  else if ('text' in attribute) message.text(4, attribute.text).integer(20, ATTRIBUTE.text);
  else if ('floats' in attribute) message.packedFloats(7, attribute.floats).integer(20, ATTRIBUTE.floats);
  else if ('integers' in attribute)
    message.packedIntegers(8, attribute.integers).integer(20, ATTRIBUTE.integers);
  else {
    for (const text of attribute.texts) message.text(9, text);
    message.integer(20, ATTRIBUTE.texts);
  }
}

/** A matrix: rows of any number, a fixed number of columns. */
function writeMatrix(message: MessageWriter, name: string, columns: number, type: number = FLOAT): void {
  message.text(1, name).message(2, (typed) =>
    typed.message(1, (tensor) =>
      tensor.integer(1, type).message(2, (shape) => {
        shape.message(1, (dimension) => dimension.text(2, 'rows'));
        shape.message(1, (dimension) => dimension.integer(1, columns));
      }),
    ),
  );
}
