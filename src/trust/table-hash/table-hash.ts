import { createHash } from 'node:crypto';
import type { Column, ColumnType, StringColumn } from '../../shared/table/column.ts';

/**
 * The canonical byte form of a column, and SHA-256 over it. Rows go in blocks of 65,536. Per block: one byte a row, 1 present
 * and 0 null; then the present values in row order, without anything between them. float64 as its 8 bytes, every NaN as
 * 0x7ff8000000000000; int64, timestamp and date (microseconds since 1970-01-01Z) as 8 bytes, two's complement; bool as one
 * byte; string as its number of UTF-8 bytes in 4 bytes, then these. All numbers little-endian. A value of a null row takes no
 * part, nor does how a text is kept. The column's digest is SHA-256 over the SHA-256 of its blocks one after the other, so
 * that stretches of a column can be hashed apart.
 */
export interface ColumnHash {
  readonly name: string;
  readonly type: ColumnType;
  /** Hexadecimal. */
  readonly digest: string;
  /** How many bytes the canonical form has. */
  readonly bytes: number;
  readonly nulls: number;
}

/** Of some rows of a column that begin where a block begins. */
export interface BlockHashes {
  /** 32 bytes a block. */
  readonly digests: Uint8Array;
  readonly bytes: number;
  readonly nulls: number;
}

/** SHA-256 of a table: of the mark, the number of rows, and per column in order its name, its type and its own hash. */
export interface TableHash {
  readonly digest: string;
  /** Of all columns' canonical forms together. */
  readonly bytes: number;
}

const MARK = 'falaj-table-v2';
/** Rows of every block of a column but its last. */
export const BLOCK_ROWS = 65_536;
const DIGEST_BYTES = 32;
const TWO_32 = 4_294_967_296;

export function combineHashes(rows: number, columns: readonly ColumnHash[]): TableHash {
  const hash = createHash('sha256').update(MARK);
  hash.update(wholeNumber(rows, 8));
  for (const { name, type, digest } of columns) {
    hash.update(lengthPrefixed(name)).update(lengthPrefixed(type)).update(Buffer.from(digest, 'hex'));
  }
  return { digest: hash.digest('hex'), bytes: columns.reduce((sum, { bytes }) => sum + bytes, 0) };
}

export const hashColumn = (column: Column): ColumnHash => joinBlocks(column, [hashBlocks(column)]);

/** The column's hash out of those of its stretches, in order. Each but the last has whole blocks. */
export function joinBlocks(
  { name, type }: Pick<Column, 'name' | 'type'>,
  stretches: readonly BlockHashes[],
): ColumnHash {
  const hash = createHash('sha256');
  for (const { digests } of stretches) hash.update(digests);
  return {
    name,
    type,
    digest: hash.digest('hex'),
    bytes: stretches.reduce((sum, { bytes }) => sum + bytes, 0),
    nulls: stretches.reduce((sum, { nulls }) => sum + nulls, 0),
  };
}

/** @param column whose first row is the first of a block. */
export function hashBlocks(column: Column): BlockHashes {
  const rows = column.values.length;
  const digests = new Uint8Array(Math.ceil(rows / BLOCK_ROWS) * DIGEST_BYTES);
  const valuesOf = valueBytes(column);
  let bytes = 0;
  let nulls = 0;
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const last = Math.min(rows, first + BLOCK_ROWS);
    const mask = column.validity?.subarray(first, last) ?? null;
    const present = mask === null ? last - first : countPresent(mask);
    // A block without a null is hashed as one of a column that has none.
    const values = valuesOf(first, last, present === last - first ? null : mask, present);
    const hash = createHash('sha256').update(present === last - first ? ONES.subarray(0, present) : mask!);
    digests.set(hash.update(values).digest(), (first / BLOCK_ROWS) * DIGEST_BYTES);
    bytes += last - first + values.length;
    nulls += last - first - present;
  }
  return { digests, bytes, nulls };
}

const ONES = new Uint8Array(BLOCK_ROWS).fill(1);

/** The canonical bytes of the present values of a block; valid until the next block is asked for. */
type BlockValues = (first: number, last: number, mask: Uint8Array | null, present: number) => Uint8Array;

function valueBytes(column: Column): BlockValues {
  if (column.type === 'string') return textBytes(column);
  if (column.type === 'bool') return truthBytes(column.values);
  if (column.values instanceof BigInt64Array) return wideBytes(column.values);
  return column.type === 'float64' ? floatBytes(column.values) : wholeBytes(column.values);
}

function countPresent(mask: Uint8Array): number {
  let present = 0;
  for (let row = 0; row < mask.length; row++) present += mask[row]!;
  return present;
}

const bytesOf = ({ buffer, byteOffset }: ArrayBufferView, length: number): Uint8Array =>
  new Uint8Array(buffer, byteOffset, length);

function floatBytes(values: Float64Array): BlockValues {
  // One more: without a branch, the last value may be written past the present ones.
  const block = new Float64Array(Math.min(values.length, BLOCK_ROWS) + 1);
  return (first, last, mask, present) => {
    const whole = values.subarray(first, last);
    const kept = mask === null ? whole : presentFloats(whole, mask, block);
    if (!hasNan(kept, present)) return bytesOf(kept, 8 * present);
    for (let at = 0; at < present; at++) block[at] = Number.isNaN(kept[at]!) ? Number.NaN : kept[at]!;
    return bytesOf(block, 8 * present);
  };
}

function presentFloats(values: Float64Array, mask: Uint8Array, block: Float64Array): Float64Array {
  let at = 0;
  for (let row = 0; row < values.length; row++) {
    block[at] = values[row]!;
    at += mask[row]!;
  }
  return block;
}

function hasNan(values: Float64Array, count: number): boolean {
  for (let at = 0; at < count; at++) if (Number.isNaN(values[at]!)) return true;
  return false;
}

/** Whole numbers within ±2^53 as 64-bit integers, without a BigInt for each. */
function wholeBytes(values: Float64Array): BlockValues {
  const block = new Int32Array(2 * (Math.min(values.length, BLOCK_ROWS) + 1));
  return (first, last, mask, present) => {
    let at = 0;
    for (let row = first; row < last; row++) {
      const value = values[row]!;
      const high = Math.floor(value / TWO_32);
      block[at] = value - high * TWO_32;
      block[at + 1] = high;
      at += mask === null ? 2 : 2 * mask[row - first]!;
    }
    return bytesOf(block, 8 * present);
  };
}

function wideBytes(values: BigInt64Array): BlockValues {
  const block = new BigInt64Array(Math.min(values.length, BLOCK_ROWS) + 1);
  return (first, last, mask, present) => {
    if (mask === null) return bytesOf(values.subarray(first, last), 8 * present);
    let at = 0;
    for (let row = first; row < last; row++) {
      block[at] = values[row]!;
      at += mask[row - first]!;
    }
    return bytesOf(block, 8 * present);
  };
}

function truthBytes(values: Uint8Array): BlockValues {
  return (first, last, mask) => {
    const whole = values.subarray(first, last);
    return mask === null ? whole : whole.filter((_, row) => mask[row] === 1);
  };
}

function textBytes(column: StringColumn): BlockValues {
  // Each text is turned into bytes once, however many rows have it.
  const texts: (Buffer | undefined)[] = [];
  return (first, last, mask) => {
    const parts: Buffer[] = [];
    for (let row = first; row < last; row++) {
      if (mask !== null && mask[row - first] === 0) continue;
      const code = column.values[row]!;
      const text = texts[code] ?? lengthPrefixed(column.dictionary[code]!);
      texts[code] = text;
      parts.push(text);
    }
    return Buffer.concat(parts);
  };
}

function lengthPrefixed(text: string): Buffer {
  const encoded = Buffer.from(text, 'utf8');
  return Buffer.concat([wholeNumber(encoded.length, 4), encoded]);
}

function wholeNumber(value: number, bytes: 4 | 8): Buffer {
  const out = Buffer.alloc(bytes);
  if (bytes === 4) out.writeUInt32LE(value);
  else out.writeBigUInt64LE(BigInt(value));
  return out;
}
