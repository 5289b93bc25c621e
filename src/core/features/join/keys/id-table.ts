const FIRST_CAPACITY = 1024;

/**
 * Numbers 64-bit values, given as two 32-bit words, in order of their first appearance. Open addressing over typed arrays:
 * a Map takes some six times as long, and cannot be handed to another thread.
 */
export class IdTable {
  #words: Int32Array;
  /** One more than the id; 0 where the slot is free. */
  #ids: Uint32Array;
  #size = 0;

  constructor(kept?: KeptIdTable) {
    this.#words = kept?.words ?? new Int32Array(2 * FIRST_CAPACITY);
    this.#ids = kept?.ids ?? new Uint32Array(FIRST_CAPACITY);
    this.#size = kept?.size ?? 0;
  }

  get size(): number {
    return this.#size;
  }

  /** The id of a value, which is given one if it has none. */
  idOf(low: number, high: number): number {
    const slot = this.#slotOf(low, high);
    const known = this.#ids[slot]!;
    if (known !== 0) return known - 1;
    if (2 * (this.#size + 1) > this.#ids.length) {
      this.#grow();
      return this.#insert(this.#slotOf(low, high), low, high);
    }
    return this.#insert(slot, low, high);
  }

  /** The id of a value, −1 if it has none. */
  find(low: number, high: number): number {
    return this.#ids[this.#slotOf(low, high)]! - 1;
  }

  /** The same table in memory that threads share. */
  keep(): KeptIdTable {
    const words = new Int32Array(new SharedArrayBuffer(this.#words.byteLength));
    const ids = new Uint32Array(new SharedArrayBuffer(this.#ids.byteLength));
    words.set(this.#words);
    ids.set(this.#ids);
    return { words, ids, size: this.#size };
  }

  #insert(slot: number, low: number, high: number): number {
    this.#words[2 * slot] = low;
    this.#words[2 * slot + 1] = high;
    this.#ids[slot] = ++this.#size;
    return this.#size - 1;
  }

  /** Where the value is, or would be put. */
  #slotOf(low: number, high: number): number {
    const words = this.#words;
    const ids = this.#ids;
    const mask = ids.length - 1;
    let slot = mixed(low, high) & mask;
    while (ids[slot] !== 0 && (words[2 * slot] !== low || words[2 * slot + 1] !== high)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const words = this.#words;
    const ids = this.#ids;
    this.#words = new Int32Array(2 * words.length);
    this.#ids = new Uint32Array(2 * ids.length);
    for (let slot = 0; slot < ids.length; slot++) {
      if (ids[slot] === 0) continue;
      const low = words[2 * slot]!;
      const high = words[2 * slot + 1]!;
      const place = this.#slotOf(low, high);
      this.#words[2 * place] = low;
      this.#words[2 * place + 1] = high;
      this.#ids[place] = ids[slot]!;
    }
  }
}

export interface KeptIdTable {
  readonly words: Int32Array;
  readonly ids: Uint32Array;
  readonly size: number;
}

/** Every bit of both words bears on every bit of the result, as in the finalizer of MurmurHash3 (A. Appleby, public domain). */
function mixed(low: number, high: number): number {
  let hash = Math.imul(high, 0x85ebca6b) ^ low;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
