import { type Column, isPresent } from '../../shared/table/column.ts';

/** One byte per type, so that a text "7" and the number 7 are different keys. */
const TAGS = { string: 1, int64: 2, bool: 3, date: 4, timestamp: 5, float64: 6 } as const;
const INITIAL_BYTES = 256;

/**
 * Entity keys as bytes that are equal exactly when the keys are equal part by part: each part is its type and then
 * eight bytes, one byte, or a text with its length. Keys of no part (global views) are zero bytes.
 */
export class EntityKeys {
  readonly #parts: readonly Column[];
  #scratch = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;

  constructor(parts: readonly Column[]) {
    this.#parts = parts;
  }

  /** Null when a part is null: such a key matches nothing. */
  of(row: number): Buffer | null {
    this.#length = 0;
    for (const part of this.#parts) {
      if (!isPresent(part, row)) return null;
      this.#add(part, row);
    }
    return Buffer.from(this.#scratch.subarray(0, this.#length));
  }

  #add(part: Column, row: number): void {
    if (part.type === 'string') {
      const text = part.dictionary[part.values[row]!]!;
      const bytes = Buffer.byteLength(text);
      this.#reserve(5 + bytes);
      this.#scratch[this.#length] = TAGS.string;
      this.#scratch.writeUInt32BE(bytes, this.#length + 1);
      this.#scratch.write(text, this.#length + 5);
      this.#length += 5 + bytes;
      return;
    }
    this.#reserve(9);
    this.#scratch[this.#length++] = TAGS[part.type];
    if (part.type === 'bool') {
      this.#scratch[this.#length++] = part.values[row]!;
      return;
    }
    const value = part.values[row]!;
    this.#scratch.writeBigInt64BE(typeof value === 'bigint' ? value : BigInt(value), this.#length);
    this.#length += 8;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#scratch.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + bytes));
    this.#scratch.copy(larger, 0, 0, this.#length);
    this.#scratch = larger;
  }
}
