import { FalajError } from '../../../shared/errors.ts';
import type { ColumnType } from '../../../shared/table/column.ts';
import type { LogicalValues } from '../duckdb/logical.ts';
import type { EncodedValues, Encoding } from './encoded-values.ts';
import { type Packing, packedBytes, unpack } from './packing.ts';

/** Day, hour, minute, second, millisecond: what the times of most tables are whole multiples of. */
const TIME_SCALES = [86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 1_000, 1];
const SAMPLE_ROWS = 512;

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Chooses the narrowest form that gives back every value exactly. */
export function encodeValues(
  type: ColumnType,
  values: LogicalValues,
  validity: Uint8Array | null,
): EncodedValues {
  if (values instanceof BigInt64Array) return plain('i64', values, null, null);
  if (values instanceof Uint8Array) return plain('u8', values, null, null);
  if (values instanceof Uint32Array) return encodeCodes(values);
  return encodeNumbers(type, values, validity);
}

const plain = (
  encoding: Encoding,
  values: ArrayBufferView,
  min: number | null,
  max: number | null,
): EncodedValues => ({
  encoding,
  bytes: bytesOf(values),
  base: 0,
  scale: 1,
  min,
  max,
});

function encodeCodes(codes: Uint32Array): EncodedValues {
  let max = 0;
  for (let row = 0; row < codes.length; row++) if (codes[row]! > max) max = codes[row]!;
  if (max < 256) return plain('u8', new Uint8Array(codes), null, null);
  if (max < 65_536) return plain('u16', new Uint16Array(codes), null, null);
  return plain('u32', codes, null, null);
}

function encodeNumbers(type: ColumnType, values: Float64Array, validity: Uint8Array | null): EncodedValues {
  const range = rangeOf(values, validity, type === 'float64');
  const { min, max } = range;
  if (!range.whole || min === null || max === null) {
    return encodeFloats(values, min, max);
  }
  // Nulls are stored as 0; the frame must hold it when there are any.
  const base = validity === null ? min : Math.min(min, 0);
  const top = validity === null ? max : Math.max(max, 0);
  if (base === top) return { encoding: 'constant', bytes: new Uint8Array(0), base, scale: 1, min, max };
  if (top - base > Number.MAX_SAFE_INTEGER) return plain('f64', values, min, max);
  for (const scale of type === 'timestamp' || type === 'date' ? TIME_SCALES : [1]) {
    const span = (top - base) / scale;
    if (span > 4_294_967_295 || !dividesSample(values, base, scale)) continue;
    const codes = packCodes(values, base, scale, span);
    if (codes !== null)
      return { encoding: codes.encoding, bytes: bytesOf(codes.array), base, scale, min, max };
  }
  return plain('f64', values, min, max);
}

interface Range {
  readonly min: number | null;
  readonly max: number | null;
  /** Every value is a whole number other than −0. */
  readonly whole: boolean;
}

function rangeOf(values: Float64Array, validity: Uint8Array | null, mayHaveFractions: boolean): Range {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (validity !== null && validity[row] === 0) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) return { min: null, max: null, whole: false };
  const whole =
    !mayHaveFractions || (Number.isFinite(min) && Number.isFinite(max) && areWhole(values, validity));
  return { min, max, whole };
}

/** NaN and −0 count as fractions: no whole number stands for them. */
function areWhole(values: Float64Array, validity: Uint8Array | null): boolean {
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (validity !== null && validity[row] === 0) continue;
    if (Math.floor(value) !== value || (value === 0 && 1 / value < 0)) return false;
  }
  return true;
}

function dividesSample(values: Float64Array, base: number, scale: number): boolean {
  if (scale === 1) return true;
  const step = Math.max(1, Math.floor(values.length / SAMPLE_ROWS));
  for (let row = 0; row < values.length; row += step) if ((values[row]! - base) % scale !== 0) return false;
  return true;
}

function packCodes(
  values: Float64Array,
  base: number,
  scale: number,
  span: number,
): { encoding: Encoding; array: ArrayBufferView } | null {
  if (span <= 255) return packBytes(values, base, scale);
  if (span <= 65_535) return packShorts(values, base, scale);
  return packInts(values, base, scale);
}

// One function per element type: a loop that has met several typed-array classes runs many times slower.
function packBytes(
  values: Float64Array,
  base: number,
  scale: number,
): { encoding: 'u8'; array: Uint8Array } | null {
  const array = new Uint8Array(values.length);
  const inverse = 1 / scale;
  for (let row = 0; row < array.length; row++) {
    const code = ((values[row]! - base) * inverse + 0.5) >>> 0;
    if (base + scale * code !== values[row]) return null;
    array[row] = code;
  }
  return { encoding: 'u8', array };
}

function packShorts(
  values: Float64Array,
  base: number,
  scale: number,
): { encoding: 'u16'; array: Uint16Array } | null {
  const array = new Uint16Array(values.length);
  const inverse = 1 / scale;
  for (let row = 0; row < array.length; row++) {
    const code = ((values[row]! - base) * inverse + 0.5) >>> 0;
    if (base + scale * code !== values[row]) return null;
    array[row] = code;
  }
  return { encoding: 'u16', array };
}

function packInts(
  values: Float64Array,
  base: number,
  scale: number,
): { encoding: 'u32'; array: Uint32Array } | null {
  const array = new Uint32Array(values.length);
  const inverse = 1 / scale;
  for (let row = 0; row < array.length; row++) {
    const code = ((values[row]! - base) * inverse + 0.5) >>> 0;
    if (base + scale * code !== values[row]) return null;
    array[row] = code;
  }
  return { encoding: 'u32', array };
}

function encodeFloats(values: Float64Array, min: number | null, max: number | null): EncodedValues {
  const floats = new Float32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    const float = Math.fround(value);
    // biome-ignore lint/suspicious/noSelfCompare: NaN fits every float form.
    if (float !== value && value === value) return plain('f64', values, finite(min), finite(max));
    floats[row] = float;
  }
  return plain('f32', floats, finite(min), finite(max));
}

const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null;

/**
 * The exact inverse. `bytes` need no alignment.
 *
 * @param place of as many doubles as there are rows, where numbers may go; the result is then the same array.
 */
export function decodeValues(
  type: ColumnType,
  chunk: Omit<EncodedValues, 'min' | 'max'> & { readonly packing?: Packing | undefined },
  rows: number,
  place: Float64Array | null = null,
): LogicalValues {
  if (chunk.packing !== undefined) {
    requireLength(chunk.bytes, packedBytes(rows, chunk.packing.bits));
    const numbers = place ?? new Float64Array(rows);
    unpack(chunk.bytes, chunk.packing, numbers);
    if (type === 'string') return new Uint32Array(numbers);
    return chunk.encoding === 'f64' ? numbers : inFrame(numbers, chunk.base, chunk.scale);
  }
  const width = { u8: 1, u16: 2, u32: 4, f32: 4, f64: 8, i64: 8, constant: 0 }[chunk.encoding];
  requireLength(chunk.bytes, rows * width);
  // A Buffer's own `slice` would be a view of the same memory.
  const aligned =
    chunk.bytes.byteOffset % Math.max(width, 1) === 0 ? chunk.bytes : new Uint8Array(chunk.bytes);
  const { buffer, byteOffset } = aligned;
  if (type === 'bool') return new Uint8Array(buffer, byteOffset, rows);
  if (type === 'string') return decodeCodes(chunk.encoding, buffer, byteOffset, rows);
  switch (chunk.encoding) {
    case 'i64':
      return new BigInt64Array(buffer, byteOffset, rows);
    case 'f64':
      return new Float64Array(buffer, byteOffset, rows);
    case 'f32':
      return new Float64Array(new Float32Array(buffer, byteOffset, rows));
    case 'constant':
      return new Float64Array(rows).fill(chunk.base);
    case 'u8':
      return unpackBytes(new Uint8Array(buffer, byteOffset, rows), chunk.base, chunk.scale);
    case 'u16':
      return unpackShorts(new Uint16Array(buffer, byteOffset, rows), chunk.base, chunk.scale);
    case 'u32':
      return unpackInts(new Uint32Array(buffer, byteOffset, rows), chunk.base, chunk.scale);
  }
}

function requireLength(bytes: Uint8Array, expected: number): void {
  if (bytes.byteLength === expected) return;
  throw new FalajError('BLOB_DAMAGED', 'A column chunk has the wrong length.', {
    hint: 'The dataset was written by a defective program. Import it again.',
  });
}

/** In place. */
function inFrame(codes: Float64Array, base: number, scale: number): Float64Array {
  for (let row = 0; row < codes.length; row++) codes[row] = base + scale * codes[row]!;
  return codes;
}

function decodeCodes(
  encoding: Encoding,
  buffer: ArrayBufferLike,
  byteOffset: number,
  rows: number,
): Uint32Array {
  if (encoding === 'u8') return new Uint32Array(new Uint8Array(buffer, byteOffset, rows));
  if (encoding === 'u16') return new Uint32Array(new Uint16Array(buffer, byteOffset, rows));
  return new Uint32Array(buffer, byteOffset, rows);
}

function unpackBytes(codes: Uint8Array, base: number, scale: number): Float64Array {
  const out = new Float64Array(codes.length);
  for (let row = 0; row < out.length; row++) out[row] = base + scale * codes[row]!;
  return out;
}

function unpackShorts(codes: Uint16Array, base: number, scale: number): Float64Array {
  const out = new Float64Array(codes.length);
  for (let row = 0; row < out.length; row++) out[row] = base + scale * codes[row]!;
  return out;
}

function unpackInts(codes: Uint32Array, base: number, scale: number): Float64Array {
  const out = new Float64Array(codes.length);
  for (let row = 0; row < out.length; row++) out[row] = base + scale * codes[row]!;
  return out;
}
