import { readText } from './session.ts';

const RECORD_WORDS = 4;
const INLINE_BYTES = 12;

/**
 * Turns DuckDB's 16-byte string records into codes in order of first appearance. Text of at most 12 bytes lies inside its
 * record, so it is recognised by its four words without ever becoming a JavaScript string; longer text is looked up by
 * value, and by its pointer within one chunk (a Parquet dictionary repeats pointers).
 */
export class StringCodes {
  #words = new Uint32Array(1024 * RECORD_WORDS);
  #codes = new Int32Array(1024).fill(-1);
  #used = 0;
  readonly #long = new Map<string, number>();
  readonly #pointers = new Map<bigint, number>();
  #next = 0;
  #fresh: string[] = [];

  get size(): number {
    return this.#next;
  }

  /** The entries up to this code that were not taken before, in the order of their codes. */
  takeFresh(lastCode: number): string[] {
    const taken = this.#next - this.#fresh.length;
    return this.#fresh.splice(0, Math.max(0, lastCode + 1 - taken));
  }

  /** Writes the codes of `rows` records into `out` at `offset`; null rows (validity bit 0) keep 0. */
  encode(
    records: Uint8Array,
    rows: number,
    step: number,
    first: number,
    validity: Uint8Array | null,
    out: Uint32Array,
    offset: number,
  ): void {
    const words = new Uint32Array(records.buffer, records.byteOffset, rows * RECORD_WORDS);
    this.#pointers.clear();
    let codes = this.#codes;
    let table = this.#words;
    let mask = codes.length - 1;
    let at = offset;
    for (let row = first; row < rows; row += step, at++) {
      if (validity !== null && ((validity[row >> 3]! >> (row & 7)) & 1) === 0) {
        out[at] = 0;
        continue;
      }
      const word = row * RECORD_WORDS;
      const a = words[word]!;
      if (a > INLINE_BYTES) {
        out[at] = this.#longText(words, word, records, row);
        continue;
      }
      const b = words[word + 1]!;
      const c = words[word + 2]!;
      const d = words[word + 3]!;
      // Most text is short, and then its last two words are 0.
      let slot = ((c | d) === 0 ? hashShort(a, b) : hashWords(a, b, c, d)) & mask;
      let code = codes[slot]!;
      while (code !== -1) {
        const entry = slot * RECORD_WORDS;
        if (table[entry + 1] === b && table[entry] === a && table[entry + 2] === c && table[entry + 3] === d)
          break;
        slot = (slot + 1) & mask;
        code = codes[slot]!;
      }
      if (code === -1) {
        code = this.#insert(slot, a, b, c, d, readText(records, row));
        codes = this.#codes;
        table = this.#words;
        mask = codes.length - 1;
      }
      out[at] = code;
    }
  }

  #insert(slot: number, a: number, b: number, c: number, d: number, text: string): number {
    const code = this.#next++;
    this.#fresh.push(text);
    this.#codes[slot] = code;
    this.#words.set([a, b, c, d], slot * RECORD_WORDS);
    if (++this.#used * 2 > this.#codes.length) this.#grow();
    return code;
  }

  #grow(): void {
    const oldCodes = this.#codes;
    const oldWords = this.#words;
    this.#codes = new Int32Array(oldCodes.length * 2).fill(-1);
    this.#words = new Uint32Array(oldWords.length * 2);
    const mask = this.#codes.length - 1;
    for (let old = 0; old < oldCodes.length; old++) {
      if (oldCodes[old] === -1) continue;
      const record = oldWords.subarray(old * RECORD_WORDS, old * RECORD_WORDS + RECORD_WORDS);
      let slot = hashRecord(record) & mask;
      while (this.#codes[slot] !== -1) slot = (slot + 1) & mask;
      this.#codes[slot] = oldCodes[old]!;
      this.#words.set(record, slot * RECORD_WORDS);
    }
  }

  #longText(words: Uint32Array, word: number, records: Uint8Array, row: number): number {
    const pointer = (BigInt(words[word + 3]!) << 32n) | BigInt(words[word + 2]!);
    // The same memory may start texts of different lengths.
    const key = (pointer << 32n) | BigInt(words[word]!);
    const seen = this.#pointers.get(key);
    if (seen !== undefined) return seen;
    const text = readText(records, row);
    let code = this.#long.get(text);
    if (code === undefined) {
      code = this.#next++;
      this.#long.set(text, code);
      this.#fresh.push(text);
    }
    this.#pointers.set(key, code);
    return code;
  }
}

const hashRecord = ([a = 0, b = 0, c = 0, d = 0]: Uint32Array): number =>
  (c | d) === 0 ? hashShort(a, b) : hashWords(a, b, c, d);

function hashShort(a: number, b: number): number {
  const hash = Math.imul(b ^ (a << 28), 0x9e3779b1);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function hashWords(a: number, b: number, c: number, d: number): number {
  let hash = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ c, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13) ^ d, 0x27d4eb2f);
  return (hash ^ (hash >>> 16)) >>> 0;
}
