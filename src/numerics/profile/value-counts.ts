export interface ValueCount {
  /** Position of one row that holds the value. */
  readonly row: number;
  readonly count: number;
}

export interface ValueCounts {
  readonly distinct: number;
  /** The most frequent values, ties by first appearance. */
  top(limit: number): ValueCount[];
}

const SMALLEST_TABLE = 1024;

/**
 * Counts 64-bit values exactly by their two 32-bit halves (little-endian pairs in `words`), or gives up with null as
 * soon as more than `bound` distinct ones are met. Open addressing; the table starts small to stay in cache.
 */
export function countValues(words: Int32Array, bound: number): ValueCounts | null {
  const rows = words.length >>> 1;
  let capacity = SMALLEST_TABLE;
  let mask = capacity - 1;
  // a slot holds the number of an entry plus one; entries are in order of first appearance
  let slots = new Uint32Array(capacity);
  let firstRow = new Uint32Array(capacity / 2);
  let counts = new Uint32Array(capacity / 2);
  let distinct = 0;
  for (let row = 0; row < rows; row++) {
    const low = words[2 * row]!;
    const high = words[2 * row + 1]!;
    let slot = hash(low, high) & mask;
    let entry = slots[slot]!;
    while (entry !== 0) {
      const first = firstRow[entry - 1]!;
      if (words[2 * first] === low && words[2 * first + 1] === high) break;
      slot = (slot + 1) & mask;
      entry = slots[slot]!;
    }
    if (entry !== 0) {
      counts[entry - 1] = counts[entry - 1]! + 1;
      continue;
    }
    if (distinct === bound) return null;
    if (distinct === firstRow.length) {
      capacity *= 2;
      mask = capacity - 1;
      firstRow = enlarged(firstRow);
      counts = enlarged(counts);
      slots = placeEntries(words, firstRow, distinct, capacity);
      slot = hash(low, high) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
    }
    firstRow[distinct] = row;
    counts[distinct] = 1;
    distinct++;
    slots[slot] = distinct;
  }
  return { distinct, top: (limit) => topEntries(firstRow, counts, distinct, limit) };
}

function hash(low: number, high: number): number {
  let mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}

function enlarged(values: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * values.length);
  larger.set(values);
  return larger;
}

function placeEntries(
  words: Int32Array,
  firstRow: Uint32Array,
  distinct: number,
  capacity: number,
): Uint32Array<ArrayBuffer> {
  const slots = new Uint32Array(capacity);
  for (let entry = 0; entry < distinct; entry++) {
    const row = firstRow[entry]!;
    let slot = hash(words[2 * row]!, words[2 * row + 1]!) & (capacity - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (capacity - 1);
    slots[slot] = entry + 1;
  }
  return slots;
}

function topEntries(
  firstRow: Uint32Array,
  counts: Uint32Array,
  distinct: number,
  limit: number,
): ValueCount[] {
  return largestCounts(counts.subarray(0, distinct), limit).map((entry) => ({
    row: firstRow[entry]!,
    count: counts[entry]!,
  }));
}

/** Positions of the greatest non-zero counts, greatest first, ties by position. */
export function largestCounts(counts: Uint32Array, limit: number): number[] {
  const best: number[] = [];
  for (let position = 0; position < counts.length; position++) {
    const count = counts[position]!;
    if (count === 0 || (best.length === limit && count <= counts[best[limit - 1]!]!)) continue;
    let place = best.length === limit ? limit - 1 : best.length;
    for (; place > 0 && counts[best[place - 1]!]! < count; place--) best[place] = best[place - 1]!;
    best[place] = position;
  }
  return best;
}
