import { bodiesOf, messageFields, textOf } from './message-fields.ts';
import { MessageWriter } from './protobuf.ts';
import { GRAPH_FIELDS, type GraphNode, type GraphTensor, type ReadModel } from './read-model.ts';

/** The part of a model of another program that one of its values is computed by, to stand in a graph as one node. */
export interface EmbeddedModel {
  readonly irVersion: number;
  /** Of the domains that its nodes use. */
  readonly operatorSets: ReadonlyMap<string, number>;
  readonly nodes: readonly GraphNode[];
  readonly tensors: readonly GraphTensor[];
  readonly input: string;
  readonly output: string;
}

/** What computes `output` from `input`; nodes that have no part in it are left out. */
export function embeddedModel(model: ReadModel, input: string, output: string): EmbeddedModel {
  const needed = new Set([output]);
  const nodes = model.nodes
    .toReversed()
    .filter((node) => {
      if (!node.outputs.some((name) => needed.has(name))) return false;
      for (const name of [...node.inputs, ...node.within]) needed.add(name);
      return true;
    })
    .reverse();
  const domains = new Set(nodes.map(({ domain }) => domain));
  return {
    irVersion: model.irVersion,
    operatorSets: new Map([...model.operatorSets].filter(([domain]) => domains.has(domain))),
    nodes,
    tensors: model.tensors.filter(({ name }) => needed.has(name)),
    input,
    output,
  };
}

/** ONNX's own operators mean in these sets what they meant in 13, or what our own nodes need. */
const OLDEST_SET = 13;
/** Operators that have meant the same since before, and take more types at most. */
const STEADY: ReadonlySet<string> = new Set(
  'Abs Add ArgMax ArgMin Cast Concat Div Exp Flatten Gather Gemm Identity Log MatMul Mul Neg Reciprocal Relu Reshape Shape Sigmoid Sqrt Sub Tanh Transpose'.split(
    ' ',
  ),
);

/** The same for the operator sets that a graph of ours is written with; null where one is too old for its operators. */
export function modernised(model: EmbeddedModel): EmbeddedModel | null {
  const version = model.operatorSets.get('') ?? OLDEST_SET;
  if (version >= OLDEST_SET) return model;
  if (model.nodes.some(({ domain, operator }) => domain === '' && !STEADY.has(operator))) return null;
  return { ...model, operatorSets: new Map([...model.operatorSets].filter(([domain]) => domain !== '')) };
}

type Rename = (name: string) => string;

/** Its nodes and tensors with the names of a graph around: `inputs[0]` is read, `outputs[0]` written, all else is its own. */
export function embeddedParts(
  { nodes, tensors, input, output }: EmbeddedModel,
  place: { readonly inputs: readonly string[]; readonly outputs: readonly string[] },
): { readonly nodes: readonly Uint8Array[]; readonly tensors: readonly Uint8Array[] } {
  const renamed: Rename = (name) => {
    if (name === '') return name;
    if (name === input) return place.inputs[0]!;
    return name === output ? place.outputs[0]! : `${place.outputs[0]!}/${name}`;
  };
  return {
    nodes: nodes.map(({ bytes }) => renamedNode(bytes, renamed)),
    tensors: tensors.map(({ bytes }) => renamedTensor(bytes, renamed)),
  };
}

/** The message with some fields written anew; `null` leaves a field out. */
function rewritten(
  message: Uint8Array,
  change: (field: { readonly number: number; readonly body: Uint8Array }) => Uint8Array | null | undefined,
): Uint8Array {
  const writer = new MessageWriter();
  for (const field of messageFields(message)) {
    const body = change(field);
    if (body === undefined) writer.raw(field.raw);
    else if (body !== null) writer.bytes(field.number, body);
  }
  return writer.finish();
}

const encoder = new TextEncoder();
const renamedText = (body: Uint8Array, renamed: Rename): Uint8Array =>
  encoder.encode(renamed(textOf({ body })));

/** Names and remarks of nodes say nothing that is needed. */
const renamedNode = (node: Uint8Array, renamed: Rename): Uint8Array =>
  rewritten(node, ({ number, body }) => {
    if (number === 1 || number === 2) return renamedText(body, renamed);
    if (number === 5) return renamedAttribute(body, renamed);
    return number === 3 || number === 6 ? null : undefined;
  });

/** An attribute may be a graph, such as a branch. */
const renamedAttribute = (attribute: Uint8Array, renamed: Rename): Uint8Array =>
  bodiesOf(attribute, GRAPH_FIELDS).length === 0
    ? attribute
    : rewritten(attribute, ({ number, body }) =>
        GRAPH_FIELDS.includes(number) ? renamedGraph(body, renamed) : undefined,
      );

const renamedGraph = (graph: Uint8Array, renamed: Rename): Uint8Array =>
  rewritten(graph, ({ number, body }) => {
    if (number === 1) return renamedNode(body, renamed);
    if (number === 5) return renamedTensor(body, renamed);
    if (number === 11 || number === 12) return renamedValue(body, renamed);
    return number === 13 ? null : undefined;
  });

const renamedTensor = (tensor: Uint8Array, renamed: Rename): Uint8Array =>
  rewritten(tensor, ({ number, body }) => (number === 8 ? renamedText(body, renamed) : undefined));

const renamedValue = (value: Uint8Array, renamed: Rename): Uint8Array =>
  rewritten(value, ({ number, body }) => (number === 1 ? renamedText(body, renamed) : undefined));
