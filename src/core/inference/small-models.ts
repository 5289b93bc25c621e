/**
 * ONNX models of one operator, written by hand for tests: `y = x OP w` over a float32 matrix of any number of rows, and
 * a model that asks for a chosen amount of memory. Field numbers are those of onnx.proto (IR version 8).
 */
const text = new TextEncoder();

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

const integer = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
const bytes = (field: number, body: readonly number[] | Uint8Array): number[] => [
  ...varint(field * 8 + 2),
  ...varint(body.length),
  ...body,
];
const string = (field: number, value: string): number[] => bytes(field, text.encode(value));

/** TensorShapeProto: a number is a fixed size, a text a symbolic one. */
const shape = (dims: readonly (number | string)[]): number[] =>
  dims.flatMap((dim) => bytes(1, typeof dim === 'number' ? integer(1, dim) : string(2, dim)));

const FLOAT = 1;
const INT64 = 7;

const valueInfo = (name: string, dims: readonly (number | string)[]): number[] => [
  ...string(1, name),
  ...bytes(2, bytes(1, [...integer(1, FLOAT), ...bytes(2, shape(dims))])),
];

const tensor = (name: string, type: number, dims: readonly number[], raw: Uint8Array): number[] => [
  ...dims.flatMap((dim) => integer(1, dim)),
  ...integer(2, type),
  ...string(8, name),
  ...bytes(9, raw),
];

function model(graph: readonly number[]): Uint8Array {
  return Uint8Array.from([
    ...integer(1, 8),
    ...bytes(7, graph),
    ...bytes(8, [...string(1, ''), ...integer(2, 17)]),
  ]);
}

/** `y = x OP weights`, x of shape [rows, weights.length]. */
export function elementwiseModel(operator: 'Add' | 'Mul', weights: readonly number[]): Uint8Array {
  const raw = new Uint8Array(Float32Array.from(weights).buffer);
  return model([
    ...bytes(1, [...string(1, 'x'), ...string(1, 'w'), ...string(2, 'y'), ...string(4, operator)]),
    ...string(2, 'small'),
    ...bytes(5, tensor('w', FLOAT, [weights.length], raw)),
    ...bytes(11, valueInfo('x', ['rows', weights.length])),
    ...bytes(12, valueInfo('y', ['rows', weights.length])),
  ]);
}

/** A hundred bytes that make `elements` float32 zeros when run, whatever the input. */
export function memoryHungryModel(elements: number): Uint8Array {
  const raw = new Uint8Array(new BigInt64Array([BigInt(elements)]).buffer);
  return model([
    ...bytes(1, [...string(1, 'n'), ...string(2, 'zeros'), ...string(4, 'ConstantOfShape')]),
    ...bytes(1, [...string(1, 'zeros'), ...string(1, 'x'), ...string(2, 'y'), ...string(4, 'Add')]),
    ...string(2, 'hungry'),
    ...bytes(5, tensor('n', INT64, [1], raw)),
    ...bytes(11, valueInfo('x', [1])),
    ...bytes(12, valueInfo('y', [elements])),
  ]);
}
