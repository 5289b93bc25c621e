/** Rows and columns of the product that every backend must compute. */
export const PROBE_SIZE = 256;

/** Largest difference from the reference, over the largest value of the reference, that passes (float32). */
export const PROBE_TOLERANCE = 1e-3;

// Wire format of Protocol Buffers: a field is (number << 3 | type), type 0 a varint, type 2 length and bytes.
function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}
const whole = (field: number, value: number): number[] => [...varint(field << 3), ...varint(value)];
const nested = (field: number, bytes: readonly number[]): number[] => [
  ...varint((field << 3) | 2),
  ...varint(bytes.length),
  ...bytes,
];
const text = (field: number, value: string): number[] => nested(field, [...new TextEncoder().encode(value)]);

/** A value of float32 [256, 256]: ValueInfoProto { name = 1, type = 2 { tensor_type = 1 { elem_type = 1, shape = 2 } } }. */
function squareValue(name: string): number[] {
  const shape = [PROBE_SIZE, PROBE_SIZE].flatMap((size) => nested(1, whole(1, size)));
  return [...text(1, name), ...nested(2, nested(1, [...whole(1, 1), ...nested(2, shape)]))];
}

/**
 * The ONNX model `product = left × right`, about a hundred bytes, written by hand so that the probe depends on nothing
 * that it does not test. Field numbers are those of onnx.proto (ModelProto, GraphProto, NodeProto), IR 8, opset 13.
 */
export function buildProbeModel(): Uint8Array {
  const node = [...text(1, 'left'), ...text(1, 'right'), ...text(2, 'product'), ...text(4, 'MatMul')];
  const graph = [
    ...nested(1, node),
    ...text(2, 'probe'),
    ...nested(11, squareValue('left')),
    ...nested(11, squareValue('right')),
    ...nested(12, squareValue('product')),
  ];
  return Uint8Array.from([
    ...whole(1, 8),
    ...nested(7, graph),
    ...nested(8, [...text(1, ''), ...whole(2, 13)]),
  ]);
}

/** A square of values in [-1, 1), the same for the same seed on every machine (Numerical Recipes' linear congruence). */
export function probeMatrix(seed: number): Float32Array {
  const values = new Float32Array(PROBE_SIZE * PROBE_SIZE);
  let state = seed >>> 0;
  for (let index = 0; index < values.length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    values[index] = state / 2 ** 31 - 1;
  }
  return values;
}

/** The product in float64 by plain loops: the reference that no accelerated library has touched. */
export function referenceProduct(left: Float32Array, right: Float32Array): Float64Array {
  const product = new Float64Array(PROBE_SIZE * PROBE_SIZE);
  for (let row = 0; row < PROBE_SIZE; row++) {
    for (let inner = 0; inner < PROBE_SIZE; inner++) {
      const factor = left[row * PROBE_SIZE + inner]!;
      for (let column = 0; column < PROBE_SIZE; column++) {
        product[row * PROBE_SIZE + column]! += factor * right[inner * PROBE_SIZE + column]!;
      }
    }
  }
  return product;
}

/** max|actual − expected| / max|expected|; infinite when the shapes differ or a value is not a number. */
export function largestRelativeDifference(actual: ArrayLike<number>, expected: Float64Array): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let scale = 0;
  for (let index = 0; index < expected.length; index++) {
    const here = Math.abs(actual[index]! - expected[index]!);
    if (!(here <= Number.MAX_VALUE)) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, here);
    scale = Math.max(scale, Math.abs(expected[index]!));
  }
  return difference / scale;
}
