import { createHash, type Hash } from 'node:crypto';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import type { LogicalValues } from '../duckdb/logical.ts';

const FORMAT = 'falaj-content-v1';

/**
 * SHA-256 of a table's content, whatever row groups and encodings it is stored in. Per column three streams are hashed:
 * values (int64, times as int64 microseconds, float64: 8 bytes little-endian; bool 1 byte; text as its uint32 index into
 * the values in order of first appearance; nulls as zeros), positions of nulls (float64 each) and the text's dictionary
 * (uint32 byte length, UTF-8). The digest covers names, types, number of rows and these hashes, in column order.
 */
export class ContentDigest {
  readonly #columns: readonly ColumnHashes[];
  #rows = 0;

  constructor(schema: readonly ColumnSchema[]) {
    this.#columns = schema.map((column) => new ColumnHashes(column));
  }

  add(
    rows: number,
    columns: readonly { values: LogicalValues; validity: Uint8Array | null; fresh: readonly string[] }[],
  ): void {
    for (const [index, column] of columns.entries()) this.#columns[index]!.add(column, this.#rows);
    this.#rows += rows;
  }

  /** Ends the digest: nothing can be added after it. */
  finish(): string {
    const hash = createHash('sha256');
    hash.update(JSON.stringify([FORMAT, this.#rows, this.#columns.map((column) => column.finish())]));
    return hash.digest('hex');
  }
}

class ColumnHashes {
  readonly #schema: ColumnSchema;
  readonly #values: Hash = createHash('sha256');
  readonly #nulls: Hash = createHash('sha256');
  readonly #dictionary: Hash = createHash('sha256');

  constructor(schema: ColumnSchema) {
    this.#schema = schema;
  }

  add(
    column: { values: LogicalValues; validity: Uint8Array | null; fresh: readonly string[] },
    firstRow: number,
  ): void {
    const { values } = column;
    const canonical =
      values instanceof Float64Array && this.#schema.type !== 'float64' ? integerBytes(values) : values;
    this.#values.update(new Uint8Array(canonical.buffer, canonical.byteOffset, canonical.byteLength));
    if (column.validity !== null) this.#nulls.update(nullPositions(column.validity, firstRow));
    if (column.fresh.length > 0) this.#dictionary.update(dictionaryBytes(column.fresh));
  }

  finish(): string[] {
    const { name, type } = this.#schema;
    return [
      name,
      type,
      this.#values.digest('hex'),
      this.#nulls.digest('hex'),
      this.#dictionary.digest('hex'),
    ];
  }
}

/** Whole numbers as int64, written as two halves: making BigInts of them takes far longer. */
function integerBytes(values: Float64Array): Int32Array {
  const halves = new Int32Array(values.length * 2);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    const high = Math.floor(value / 4_294_967_296);
    halves[2 * row] = value - high * 4_294_967_296;
    halves[2 * row + 1] = high;
  }
  return halves;
}

function nullPositions(validity: Uint8Array, firstRow: number): Uint8Array {
  let nulls = 0;
  for (let row = 0; row < validity.length; row++) nulls += 1 - validity[row]!;
  const positions = new Float64Array(nulls);
  let at = 0;
  for (let row = 0; row < validity.length; row++) if (validity[row] === 0) positions[at++] = firstRow + row;
  return new Uint8Array(positions.buffer);
}

export function dictionaryBytes(entries: readonly string[]): Buffer {
  const parts: Buffer[] = [];
  for (const entry of entries) {
    const text = Buffer.from(entry, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    parts.push(length, text);
  }
  return Buffer.concat(parts);
}
