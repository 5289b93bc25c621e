import { createHash, type Hash } from 'node:crypto';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import type { EncodedValues } from './encoded-values.ts';

const FORMAT = 'falaj-content-v1';

export interface DigestedColumn {
  readonly encoded: EncodedValues;
  /** One byte per row; null when every row of the group is present. */
  readonly validity: Uint8Array | null;
  /** Dictionary entries that appear first in this group. */
  readonly fresh: readonly string[];
}

/**
 * SHA-256 of a table's content: the same rows under the same names and types give the same digest, from whatever file they
 * came. Row groups are cut by the number of columns alone and each is encoded in the one narrowest form, so the encoded bytes
 * are a function of the content and are what is hashed: per column and group its form, the bytes, and the presence of its
 * rows where one is null; text as its index in order of first appearance, and its entries with their UTF-8 lengths.
 */
export class ContentDigest {
  readonly #columns: readonly ColumnHashes[];
  #rows = 0;

  constructor(schema: readonly ColumnSchema[]) {
    this.#columns = schema.map((column) => new ColumnHashes(column));
  }

  add(rows: number, columns: readonly DigestedColumn[]): void {
    for (const [index, column] of columns.entries()) this.#columns[index]!.add(column);
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
  readonly #dictionary: Hash = createHash('sha256');

  constructor(schema: ColumnSchema) {
    this.#schema = schema;
  }

  add({ encoded, validity, fresh }: DigestedColumn): void {
    const { encoding, base, scale, bytes } = encoded;
    this.#values.update(JSON.stringify([encoding, base, scale, bytes.length, validity !== null]));
    this.#values.update(bytes);
    if (validity !== null) this.#values.update(validity);
    if (fresh.length > 0) this.#dictionary.update(dictionaryBytes(fresh));
  }

  finish(): string[] {
    const { name, type } = this.#schema;
    return [name, type, this.#values.digest('hex'), this.#dictionary.digest('hex')];
  }
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
