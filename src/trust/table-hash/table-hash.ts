import { createHash, type Hash } from 'node:crypto';
import { type Column, type ColumnType, isPresent } from '../../shared/table/column.ts';

/**
 * The canonical byte form of a column, and SHA-256 over it. Per column: one byte a row, 1 present and 0 null; then the present
 * values in row order, without anything between them. float64 as its 8 bytes, every NaN as 0x7ff8000000000000; int64, timestamp
 * and date (microseconds since 1970-01-01Z) as 8 bytes, two's complement; bool as one byte; string as its number of UTF-8 bytes
 * in 4 bytes, then these. All numbers little-endian. A value of a null row takes no part, nor does how a text is kept.
 */
export interface ColumnHash {
  readonly name: string;
  readonly type: ColumnType;
  /** SHA-256 of the column's bytes, hexadecimal. */
  readonly digest: string;
  /** How many bytes the canonical form has. */
  readonly bytes: number;
  readonly nulls: number;
}

/** SHA-256 of a table: of the mark, the number of rows, and per column in order its name, its type and its own hash. */
export interface TableHash {
  readonly digest: string;
  /** Of all columns' canonical forms together. */
  readonly bytes: number;
}

const MARK = 'falaj-table-v1';
const BLOCK_ROWS = 65_536;
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
  const hash = createHash('sha256');
  const rows = column.values.length;
  const nulls = hashPresence(hash, column, rows);
  const valueBytes = hashValues(hash, column, rows);
  return {
    name: column.name,
    type: column.type,
    digest: hash.digest('hex'),
    bytes: rows + valueBytes,
    nulls,
  };
}

function hashPresence(hash: Hash, { validity }: Column, rows: number): number {
  if (validity === null) {
    const block = new Uint8Array(Math.min(rows, BLOCK_ROWS)).fill(1);
    for (let row = 0; row < rows; row += BLOCK_ROWS) hash.update(block.subarray(0, rows - row));
    return 0;
  }
  hash.update(validity);
  let present = 0;
  for (let row = 0; row < rows; row++) present += validity[row]!;
  return rows - present;
}

function hashValues(hash: Hash, column: Column, rows: number): number {
  if (column.type === 'string') return hashTexts(hash, column, rows);
  if (column.type === 'bool') return hashBytes(hash, column.values, column.validity, rows);
  if (column.values instanceof BigInt64Array) {
    return hashWide(hash, column.values, column.validity, rows);
  }
  return column.type === 'float64'
    ? hashFloats(hash, column.values, column.validity, rows)
    : hashWhole(hash, column.values, column.validity, rows);
}

type Validity = Uint8Array | null;

/** Fills blocks of 8 bytes a value with what is present, and hashes each. */
function inBlocks<Block extends ArrayBufferView>(
  hash: Hash,
  rows: number,
  block: Block,
  fill: (first: number, last: number) => number,
): number {
  let bytes = 0;
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const filled = 8 * fill(first, Math.min(rows, first + BLOCK_ROWS));
    hash.update(new Uint8Array(block.buffer, block.byteOffset, filled));
    bytes += filled;
  }
  return bytes;
}

function hashFloats(hash: Hash, values: Float64Array, validity: Validity, rows: number): number {
  const block = new Float64Array(Math.min(rows, BLOCK_ROWS));
  return inBlocks(hash, rows, block, (first, last) => {
    let at = 0;
    for (let row = first; row < last; row++) {
      if (validity !== null && validity[row] === 0) continue;
      const value = values[row]!;
      block[at++] = Number.isNaN(value) ? Number.NaN : value;
    }
    return at;
  });
}

/** Whole numbers within ±2^53 as 64-bit integers, without a BigInt for each. */
function hashWhole(hash: Hash, values: Float64Array, validity: Validity, rows: number): number {
  const block = new Uint32Array(2 * Math.min(rows, BLOCK_ROWS));
  return inBlocks(hash, rows, block, (first, last) => {
    let at = 0;
    for (let row = first; row < last; row++) {
      if (validity !== null && validity[row] === 0) continue;
      const value = values[row]!;
      const high = Math.floor(value / TWO_32);
      block[at++] = value - high * TWO_32;
      block[at++] = high;
    }
    return at / 2;
  });
}

function hashWide(hash: Hash, values: BigInt64Array, validity: Validity, rows: number): number {
  const block = new BigInt64Array(Math.min(rows, BLOCK_ROWS));
  return inBlocks(hash, rows, block, (first, last) => {
    let at = 0;
    for (let row = first; row < last; row++) {
      if (validity === null || validity[row] === 1) block[at++] = values[row]!;
    }
    return at;
  });
}

function hashBytes(hash: Hash, values: Uint8Array, validity: Validity, rows: number): number {
  if (validity === null) {
    hash.update(values);
    return rows;
  }
  const present = values.filter((_, row) => validity[row] === 1);
  hash.update(present);
  return present.length;
}

function hashTexts(hash: Hash, column: Extract<Column, { type: 'string' }>, rows: number): number {
  // Each text is turned into bytes once, however many rows have it.
  const texts: (Buffer | undefined)[] = [];
  let bytes = 0;
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const parts: Buffer[] = [];
    for (let row = first; row < Math.min(rows, first + BLOCK_ROWS); row++) {
      if (!isPresent(column, row)) continue;
      const code = column.values[row]!;
      const text = texts[code] ?? lengthPrefixed(column.dictionary[code]!);
      texts[code] = text;
      parts.push(text);
      bytes += text.length;
    }
    hash.update(Buffer.concat(parts));
  }
  return bytes;
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
