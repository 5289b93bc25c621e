const FIRST_CAPACITY = 1024;
/** A slot's words, a power of two: the value's two, one more than its id (0 where the slot is free), and one that keeps slots in one cache line. */
const SLOT_WORDS = 4;

/**
 * Numbers 64-bit values, given as two 32-bit words, in order of their first appearance. Open addressing over one typed array:
 * a Map takes two to three times as long, and cannot be handed to another thread.
 */
export class IdTable {
  #slots: Int32Array;
  #size = 0;

  constructor(kept?: KeptIdTable) {
    this.#slots = kept?.slots ?? new Int32Array(SLOT_WORDS * FIRST_CAPACITY);
    this.#size = kept?.size ?? 0;
  }

  get size(): number {
    return this.#size;
  }

  /** The id of a value, which is given one if it has none. */
  idOf(low: number, high: number): number {
    const slot = this.#slotOf(low, high);
    const known = this.#slots[slot + 2]!;
    if (known !== 0) return known - 1;
    if (2 * SLOT_WORDS * (this.#size + 1) > this.#slots.length) {
      this.#grow();
      return this.#insert(this.#slotOf(low, high), low, high);
    }
    return this.#insert(slot, low, high);
  }

  /** The id of a value, −1 if it has none. */
  find(low: number, high: number): number {
    return this.#slots[this.#slotOf(low, high) + 2]! - 1;
  }

  /** The same table in memory that threads share. */
  keep(): KeptIdTable {
    const slots = new Int32Array(new SharedArrayBuffer(this.#slots.byteLength));
    slots.set(this.#slots);
    return { slots, size: this.#size };
  }

  #insert(slot: number, low: number, high: number): number {
    this.#slots[slot] = low;
    this.#slots[slot + 1] = high;
    this.#slots[slot + 2] = ++this.#size;
    return this.#size - 1;
  }

  /** Where the value is, or would be put. */
  #slotOf(low: number, high: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (mixed(low, high) << 2) & mask;
    while (slots[slot + 2] !== 0 && (slots[slot] !== low || slots[slot + 1] !== high)) {
      slot = (slot + SLOT_WORDS) & mask;
    }
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length);
    for (let slot = 0; slot < old.length; slot += SLOT_WORDS) {
      if (old[slot + 2] === 0) continue;
      const place = this.#slotOf(old[slot]!, old[slot + 1]!);
      for (let word = 0; word < SLOT_WORDS; word++) this.#slots[place + word] = old[slot + word]!;
    }
  }
}

export interface KeptIdTable {
  readonly slots: Int32Array;
  readonly size: number;
}

/** Every bit of both words bears on every bit of the result, as in the finalizer of MurmurHash3 (A. Appleby, public domain). */
function mixed(low: number, high: number): number {
  let hash = Math.imul(high, 0x85ebca6b) ^ low;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
