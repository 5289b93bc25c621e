/** Fewer rows or keys than this lie in the processor's caches whatever their order. */
const LEAST_ROWS = 16_384;
const LEAST_KEYS = 16_384;
/** Groups of neighbouring keys: what is looked up for one of them stays in the cache for the others. */
const GROUPS = 512;

/** Rows in groups of neighbouring keys: group `g` has the keys from `g × groupKeys` on, the last one those without a known key. */
export interface NearRows {
  readonly rows: Uint32Array;
  /** Where each group ends among the rows. */
  readonly ends: Uint32Array;
  readonly groupKeys: number;
}

/**
 * Rows in an order in which neighbouring keys come together, those without a known key last. Looking up a million rows in
 * arrays of many megabytes waits for memory most of the time; so it finds most of what it needs near by.
 */
export function rowsNearKeys(key: Uint32Array, keys: number): NearRows {
  const rows = new Uint32Array(key.length);
  if (key.length < LEAST_ROWS || keys < LEAST_KEYS) {
    for (let row = 0; row < rows.length; row++) rows[row] = row;
    return { rows, ends: Uint32Array.of(rows.length), groupKeys: keys };
  }
  const shift = Math.max(0, Math.ceil(Math.log2(keys / GROUPS)));
  const last = (keys >>> shift) + 1;
  const next = new Uint32Array(last + 2);
  for (let row = 0; row < key.length; row++) {
    const group = Math.min(key[row]! >>> shift, last);
    next[group + 1] = next[group + 1]! + 1;
  }
  for (let group = 0; group < last; group++) next[group + 1] = next[group + 1]! + next[group]!;
  for (let row = 0; row < key.length; row++) {
    const group = Math.min(key[row]! >>> shift, last);
    rows[next[group]!] = row;
    next[group] = next[group]! + 1;
  }
  return { rows, ends: next.subarray(0, last + 1), groupKeys: 2 ** shift };
}
