import { bodiesOf, type MessageField, messageFields, textOf } from './message-fields.ts';

/** An input or output of a graph. */
export interface GraphValue {
  readonly name: string;
  /** Number of the element type in onnx.proto; null for what is no tensor. */
  readonly elementType: number | null;
  /** Sizes, null where any is allowed; null where nothing is said. */
  readonly shape: readonly (number | null)[] | null;
}

/** One operation, as bytes of onnx.proto. */
export interface GraphNode {
  readonly bytes: Uint8Array;
  readonly operator: string;
  /** Empty for ONNX's own. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Names that graphs within it, such as branches, may read from around it. */
  readonly within: readonly string[];
}

export interface GraphTensor {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whether its numbers lie in a file of their own. */
  readonly isElsewhere: boolean;
}

/** A model of another program. Nothing of it is computed here. */
export interface ReadModel {
  readonly irVersion: number;
  /** Program that wrote it. */
  readonly producer: string;
  /** Version of each set of operators, by its domain. */
  readonly operatorSets: ReadonlyMap<string, number>;
  readonly nodes: readonly GraphNode[];
  readonly tensors: readonly GraphTensor[];
  /** Those that must be given: inputs with a value of their own are left out. */
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** Functions that the model brings along. */
  readonly functions: number;
  /** Tensors of which only the numbers that are not 0 are written. */
  readonly sparseTensors: number;
}

const EXTERNAL = 1;
/** Of an attribute: a graph, or several. */
export const GRAPH_FIELDS: readonly number[] = [6, 11];

/** @throws MALFORMED_FILE for bytes that are no model. */
export function readModel(bytes: Uint8Array): ReadModel {
  const fields = [...messageFields(bytes)];
  const graph = [...messageFields(fields.findLast(({ number }) => number === 7)?.body ?? new Uint8Array(0))];
  const tensors = of(graph, 5).map(readTensor);
  const given = new Set(tensors.map(({ name }) => name));
  return {
    irVersion: of(fields, 1).at(-1)?.integer ?? 0,
    producer: text(fields, 2),
    operatorSets: new Map(
      of(fields, 8).map(({ body }) => {
        const set = [...messageFields(body)];
        return [domainName(text(set, 1)), of(set, 2).at(-1)?.integer ?? 1];
      }),
    ),
    nodes: of(graph, 1).map(({ body }) => readNode(body)),
    tensors,
    inputs: of(graph, 11)
      .map(readValue)
      .filter(({ name }) => !given.has(name)),
    outputs: of(graph, 12).map(readValue),
    functions: of(fields, 25).length,
    sparseTensors: of(graph, 15).length,
  };
}

const of = (fields: readonly MessageField[], number: number): readonly MessageField[] =>
  fields.filter((field) => field.number === number);

const text = (fields: readonly MessageField[], number: number): string => {
  const field = of(fields, number).at(-1);
  return field === undefined ? '' : textOf(field);
};

const domainName = (name: string): string => (name === 'ai.onnx' ? '' : name);

function readNode(bytes: Uint8Array): GraphNode {
  const fields = [...messageFields(bytes)];
  const within = of(fields, 5).flatMap(({ body }) => bodiesOf(body, GRAPH_FIELDS).flatMap(namesRead));
  return {
    bytes,
    operator: text(fields, 4),
    domain: domainName(text(fields, 7)),
    inputs: of(fields, 1).map(textOf),
    outputs: of(fields, 2).map(textOf),
    within,
  };
}

/** All that nodes and outputs of a graph read, its own values among them. */
function namesRead(graph: Uint8Array): string[] {
  const fields = [...messageFields(graph)];
  return [
    ...of(fields, 1).flatMap(({ body }) => {
      const node = readNode(body);
      return [...node.inputs, ...node.within];
    }),
    ...of(fields, 12).map((value) => readValue(value).name),
  ];
}

function readTensor({ body }: MessageField): GraphTensor {
  const fields = [...messageFields(body)];
  return { name: text(fields, 8), bytes: body, isElsewhere: of(fields, 14).at(-1)?.integer === EXTERNAL };
}

function readValue({ body }: MessageField): GraphValue {
  const fields = [...messageFields(body)];
  const type = [...messageFields(of(fields, 2).at(-1)?.body ?? new Uint8Array(0))];
  const tensor = of(type, 1).at(-1);
  if (tensor === undefined) return { name: text(fields, 1), elementType: null, shape: null };
  const facts = [...messageFields(tensor.body)];
  const shape = of(facts, 2).at(-1);
  return {
    name: text(fields, 1),
    elementType: of(facts, 1).at(-1)?.integer ?? 0,
    shape:
      shape === undefined
        ? null
        : of([...messageFields(shape.body)], 1).map(
            (dimension) => of([...messageFields(dimension.body)], 1).at(-1)?.integer ?? null,
          ),
  };
}
