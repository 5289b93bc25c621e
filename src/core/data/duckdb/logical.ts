import { FalajError } from '../../../shared/errors.ts';
import type { Column, ColumnType } from '../../../shared/table/column.ts';
import type { WireArray } from './wire.ts';

export type LogicalValues = Float64Array | BigInt64Array | Uint8Array | Uint32Array;

const HIGH = 4_294_967_296;
const SAFE_HIGH = 0x1f_ffff;
const DAY_MICROS = 86_400_000_000;

/**
 * Wire values as a column of ours holds them. Nulls become 0 and every NaN the same NaN, so that equal content has equal
 * bytes. Integers beyond ±2^53 make the whole piece a BigInt64Array; times beyond that are refused.
 */
export function toLogical(
  name: string,
  type: ColumnType,
  values: WireArray,
  validity: Uint8Array | null,
): LogicalValues {
  switch (type) {
    case 'bool':
      return canonicalBooleans(values as Uint8Array, validity);
    case 'string':
      return values instanceof Uint32Array ? values : new Uint32Array(values as Uint8Array | Uint16Array);
    case 'float64':
      return canonicalFloats(values as Float64Array, validity);
    case 'date':
      return scaled(values as Int32Array, validity);
    case 'int64':
      if (values instanceof BigInt64Array)
        return narrowIntegers(values, validity) ?? zeroNulls(values, validity);
      return widen(values, validity);
    case 'timestamp': {
      if (!(values instanceof BigInt64Array)) return widen(values, validity);
      const micros = narrowIntegers(values, validity);
      if (micros !== null) return micros;
      throw new FalajError('TYPE_MISMATCH', `Column "${name}" holds a time outside the years 1684 to 2255.`, {
        hint: 'Times are kept in microseconds. Replace endless or placeholder dates by empty values.',
        details: { column: name },
      });
    }
  }
}

function canonicalBooleans(values: Uint8Array, validity: Uint8Array | null): Uint8Array {
  const out = new Uint8Array(values.length);
  for (let row = 0; row < out.length; row++) out[row] = values[row] === 0 ? 0 : 1;
  if (validity !== null) for (let row = 0; row < out.length; row++) if (validity[row] === 0) out[row] = 0;
  return out;
}

function canonicalFloats(values: Float64Array, validity: Uint8Array | null): Float64Array {
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    // biome-ignore lint/suspicious/noSelfCompare: the quickest test for NaN in a hot loop.
    if (value !== value) values[row] = Number.NaN;
  }
  if (validity !== null)
    for (let row = 0; row < values.length; row++) if (validity[row] === 0) values[row] = 0;
  return values;
}

function scaled(days: Int32Array, validity: Uint8Array | null): Float64Array {
  const out = new Float64Array(days.length);
  for (let row = 0; row < out.length; row++) out[row] = days[row]! * DAY_MICROS;
  if (validity !== null) for (let row = 0; row < out.length; row++) if (validity[row] === 0) out[row] = 0;
  return out;
}

function widen(values: Exclude<WireArray, BigInt64Array>, validity: Uint8Array | null): Float64Array {
  const out = new Float64Array(values);
  if (validity !== null) for (let row = 0; row < out.length; row++) if (validity[row] === 0) out[row] = 0;
  return out;
}

/** Null when a present value needs more than 53 bits. */
function narrowIntegers(values: BigInt64Array, validity: Uint8Array | null): Float64Array | null {
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const out = new Float64Array(values.length);
  for (let row = 0; row < out.length; row++) {
    const high = halves[2 * row + 1]!;
    if (high > SAFE_HIGH || high < -SAFE_HIGH) {
      if (validity === null || validity[row] === 1) return null;
      continue;
    }
    out[row] = high * HIGH + (halves[2 * row]! >>> 0);
  }
  if (validity !== null) for (let row = 0; row < out.length; row++) if (validity[row] === 0) out[row] = 0;
  return out;
}

function zeroNulls(values: BigInt64Array, validity: Uint8Array | null): BigInt64Array {
  if (validity !== null)
    for (let row = 0; row < values.length; row++) if (validity[row] === 0) values[row] = 0n;
  return values;
}

/** Makes the column out of pieces of one or several row groups; a dictionary belongs to text only. */
export function assembleColumn(
  name: string,
  type: ColumnType,
  pieces: readonly { readonly values: LogicalValues; readonly validity: Uint8Array | null }[],
  dictionary: readonly string[],
): Column {
  const rows = pieces.reduce((sum, piece) => sum + piece.values.length, 0);
  const validity = joinValidity(pieces, rows);
  if (type === 'string')
    return { name, type, validity, dictionary, values: join(new Uint32Array(rows), pieces) };
  if (type === 'bool') return { name, type, validity, values: join(new Uint8Array(rows), pieces) };
  if (type === 'int64' && pieces.some((piece) => piece.values instanceof BigInt64Array)) {
    return { name, type, validity, values: joinWide(rows, pieces) };
  }
  return { name, type, validity, values: join(new Float64Array(rows), pieces) };
}

function joinValidity(
  pieces: readonly { readonly values: LogicalValues; readonly validity: Uint8Array | null }[],
  rows: number,
): Uint8Array | null {
  if (pieces.every((piece) => piece.validity === null)) return null;
  const out = new Uint8Array(rows).fill(1);
  let at = 0;
  for (const piece of pieces) {
    if (piece.validity !== null) out.set(piece.validity, at);
    at += piece.values.length;
  }
  return out;
}

function join<A extends Float64Array | Uint8Array | Uint32Array>(
  out: A,
  pieces: readonly { readonly values: LogicalValues }[],
): A {
  const only = pieces.length === 1 ? pieces[0]!.values : null;
  if (only !== null && only.constructor === out.constructor) return only as A;
  let at = 0;
  for (const piece of pieces) {
    out.set(piece.values as A, at);
    at += piece.values.length;
  }
  return out;
}

function joinWide(rows: number, pieces: readonly { readonly values: LogicalValues }[]): BigInt64Array {
  const out = new BigInt64Array(rows);
  let at = 0;
  for (const piece of pieces) {
    if (piece.values instanceof BigInt64Array) out.set(piece.values, at);
    else for (let row = 0; row < piece.values.length; row++) out[at + row] = BigInt(piece.values[row]!);
    at += piece.values.length;
  }
  return out;
}
