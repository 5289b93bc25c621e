import { createHash } from 'node:crypto';
import type { Column, ColumnType } from '../../shared/table/column.ts';
import {
  countPresent,
  type PresentColumn,
  type PresentText,
  presentColumn,
} from '../../shared/table/present-column.ts';

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

export function hashColumn(column: Column): ColumnHash {
  const blocks: BlockHashes[] = [];
  for (let first = 0; first < column.values.length; first += BLOCK_ROWS) {
    const end = Math.min(column.values.length, first + BLOCK_ROWS);
    blocks.push(hashBlocks(presentColumn(column, first, end)));
  }
  return joinBlocks(column, blocks);
}

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
export function hashBlocks(column: PresentColumn): BlockHashes {
  const { rows, mask } = column;
  const digests = new Uint8Array(Math.ceil(rows / BLOCK_ROWS) * DIGEST_BYTES);
  const valuesOf = valueBytes(column);
  let bytes = 0;
  let present = 0;
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const last = Math.min(rows, first + BLOCK_ROWS);
    const presence = mask === null ? ONES.subarray(0, last - first) : mask.subarray(first, last);
    const count = mask === null ? last - first : countPresent(presence);
    const values = valuesOf(present, present + count);
    const digest = createHash('sha256').update(presence).update(values).digest();
    digests.set(digest, (first / BLOCK_ROWS) * DIGEST_BYTES);
    bytes += last - first + values.length;
    present += count;
  }
  return { digests, bytes, nulls: rows - present };
}

const ONES = new Uint8Array(BLOCK_ROWS).fill(1);

/** The canonical bytes of some of the present values, a block's at most; valid until the next ones are asked for. */
type BlockValues = (from: number, to: number) => Uint8Array;

function valueBytes(column: PresentColumn): BlockValues {
  if (column.type === 'string') return textBytes(column);
  if (column.type === 'bool') return (from, to) => column.values.subarray(from, to);
  if (column.values instanceof BigInt64Array) return wideBytes(column.values);
  return column.type === 'float64' ? floatBytes(column.values) : wholeBytes(column.values);
}

const bytesOf = ({ buffer, byteOffset }: ArrayBufferView, length: number): Uint8Array =>
  new Uint8Array(buffer, byteOffset, length);

const wideBytes =
  (values: BigInt64Array): BlockValues =>
  (from, to) =>
    bytesOf(values.subarray(from, to), 8 * (to - from));

function floatBytes(values: Float64Array): BlockValues {
  return (from, to) => {
    const block = values.subarray(from, to);
    return bytesOf(hasNan(block) ? withOneNan(block) : block, 8 * block.length);
  };
}

function hasNan(values: Float64Array): boolean {
  for (let at = 0; at < values.length; at++) if (Number.isNaN(values[at]!)) return true;
  return false;
}

const withOneNan = (values: Float64Array): Float64Array =>
  values.map((value) => (Number.isNaN(value) ? Number.NaN : value));

/** Whole numbers within ±2^53 as 64-bit integers, without a BigInt for each. */
function wholeBytes(values: Float64Array): BlockValues {
  const block = new Int32Array(2 * Math.min(values.length, BLOCK_ROWS));
  return (from, to) => {
    for (let at = 0; at < to - from; at++) {
      const value = values[from + at]!;
      // An array of 32-bit integers keeps the lowest 32 bits of a number, its sign included.
      block[2 * at] = value;
      block[2 * at + 1] = Math.floor(value / TWO_32);
    }
    return bytesOf(block, 8 * (to - from));
  };
}

function textBytes({ values, dictionary }: PresentText): BlockValues {
  // Each text is turned into bytes once, however many rows have it.
  const texts: (Buffer | undefined)[] = [];
  const bytesAt = (code: number): Buffer => {
    texts[code] ??= lengthPrefixed(dictionary[code]!);
    return texts[code];
  };
  return (from, to) => Buffer.concat(Array.from(values.subarray(from, to), bytesAt));
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
