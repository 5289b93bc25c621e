import { FalajError } from '../../../shared/errors.ts';
import type { Column, ColumnType } from '../../../shared/table/column.ts';
import type { WireArray } from './wire.ts';

export type LogicalValues = Float64Array | BigInt64Array | Uint8Array | Uint32Array;

const HIGH = 4_294_967_296;
const SAFE_HIGH = 0x1f_ffff;
const DAY_MICROS = 86_400_000_000;

/** Where converted values are put. */
export interface Workspace {
  floats(length: number): Float64Array;
  codes(length: number): Uint32Array;
}

const FRESH: Workspace = {
  floats: (length) => new Float64Array(length),
  codes: (length) => new Uint32Array(length),
};

/**
 * Memory for one column that is used again and again: what was put there is gone when the next is. Fresh arrays for every
 * row group would keep the garbage collector busier than the rows keep us.
 */
export class ReusedWorkspace implements Workspace {
  #floats = new Float64Array(0);
  #codes = new Uint32Array(0);

  floats(length: number): Float64Array {
    if (this.#floats.length < length) this.#floats = new Float64Array(length);
    return this.#floats.subarray(0, length);
  }

  codes(length: number): Uint32Array {
    if (this.#codes.length < length) this.#codes = new Uint32Array(length);
    return this.#codes.subarray(0, length);
  }
}

/**
 * Wire values as a column of ours holds them. Nulls become 0 and every NaN the same NaN, so that equal content has equal
 * bytes. Integers beyond ±2^53 make the whole piece a BigInt64Array; times beyond that are refused.
 */
export function toLogical(
  name: string,
  type: ColumnType,
  values: WireArray,
  validity: Uint8Array | null,
  workspace: Workspace = FRESH,
): LogicalValues {
  switch (type) {
    case 'bool':
      return canonicalBooleans(values as Uint8Array, validity);
    case 'string':
      return values instanceof Uint32Array
        ? values
        : copyInto(workspace.codes(values.length), values as Uint8Array | Uint16Array);
    case 'float64':
      return canonicalFloats(values as Float64Array, validity);
    case 'date':
      return scaled(values as Int32Array, validity, workspace.floats(values.length));
    case 'int64':
      if (values instanceof BigInt64Array)
        return (
          narrowIntegers(values, validity, workspace.floats(values.length)) ?? zeroNulls(values, validity)
        );
      return widen(values, validity, workspace.floats(values.length));
    case 'timestamp': {
      if (!(values instanceof BigInt64Array)) return widen(values, validity, workspace.floats(values.length));
      const micros = narrowIntegers(values, validity, workspace.floats(values.length));
      if (micros !== null) return micros;
      throw new FalajError('TYPE_MISMATCH', `Column "${name}" holds a time outside the years 1684 to 2255.`, {
        hint: 'Times are kept in microseconds. Replace endless or placeholder dates by empty values.',
        details: { column: name },
      });
    }
  }
}

function copyInto(out: Uint32Array, values: Uint8Array | Uint16Array): Uint32Array {
  out.set(values);
  return out;
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

function scaled(days: Int32Array, validity: Uint8Array | null, out: Float64Array): Float64Array {
  for (let row = 0; row < out.length; row++) out[row] = days[row]! * DAY_MICROS;
  if (validity !== null) for (let row = 0; row < out.length; row++) if (validity[row] === 0) out[row] = 0;
  return out;
}

function widen(
  values: Exclude<WireArray, BigInt64Array>,
  validity: Uint8Array | null,
  out: Float64Array,
): Float64Array {
  out.set(values);
  if (validity !== null) for (let row = 0; row < out.length; row++) if (validity[row] === 0) out[row] = 0;
  return out;
}

/** Null when a present value needs more than 53 bits. */
function narrowIntegers(
  values: BigInt64Array,
  validity: Uint8Array | null,
  out: Float64Array,
): Float64Array | null {
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
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

/** Where the arrays of a table lie: `shared` memory can be handed to another thread without a copy. */
export type TableMemory = 'own' | 'shared';

export const memoryOf = (memory: TableMemory, bytes: number): ArrayBufferLike =>
  memory === 'shared' ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);

/** Makes the column out of pieces of one or several row groups; a dictionary belongs to text only. */
export function assembleColumn(
  name: string,
  type: ColumnType,
  pieces: readonly { readonly values: LogicalValues; readonly validity: Uint8Array | null }[],
  dictionary: readonly string[],
  memory: TableMemory = 'own',
): Column {
  const rows = pieces.reduce((sum, piece) => sum + piece.values.length, 0);
  const validity = joinValidity(pieces, rows, memory);
  if (type === 'string') {
    const values = join(pieces, memory, Uint32Array, rows);
    return { name, type, validity, dictionary, values };
  }
  if (type === 'bool') return { name, type, validity, values: join(pieces, memory, Uint8Array, rows) };
  if (type === 'int64' && pieces.some((piece) => piece.values instanceof BigInt64Array)) {
    return { name, type, validity, values: joinWide(rows, pieces, memory) };
  }
  return { name, type, validity, values: join(pieces, memory, Float64Array, rows) };
}

function joinValidity(
  pieces: readonly { readonly values: LogicalValues; readonly validity: Uint8Array | null }[],
  rows: number,
  memory: TableMemory,
): Uint8Array | null {
  if (pieces.every((piece) => piece.validity === null)) return null;
  const out = new Uint8Array(memoryOf(memory, rows)).fill(1);
  let at = 0;
  for (const piece of pieces) {
    if (piece.validity !== null) out.set(piece.validity, at);
    at += piece.values.length;
  }
  return out;
}

interface ArrayClass<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike): A;
}

function join<A extends Float64Array | Uint8Array | Uint32Array>(
  pieces: readonly { readonly values: LogicalValues }[],
  memory: TableMemory,
  kind: ArrayClass<A>,
  rows: number,
): A {
  const only = pieces.length === 1 ? pieces[0]!.values : null;
  if (only !== null && only instanceof kind) return only;
  const out = new kind(memoryOf(memory, rows * kind.BYTES_PER_ELEMENT));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece.values as A, at);
    at += piece.values.length;
  }
  return out;
}

function joinWide(
  rows: number,
  pieces: readonly { readonly values: LogicalValues }[],
  memory: TableMemory,
): BigInt64Array {
  const out = new BigInt64Array(memoryOf(memory, 8 * rows));
  let at = 0;
  for (const piece of pieces) {
    if (piece.values instanceof BigInt64Array) out.set(piece.values, at);
    else for (let row = 0; row < piece.values.length; row++) out[at + row] = BigInt(piece.values[row]!);
    at += piece.values.length;
  }
  return out;
}
