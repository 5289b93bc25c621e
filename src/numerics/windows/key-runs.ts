/** The key id of a spine row whose entity has no history; it matches nothing. */
export const UNKNOWN_KEY = 0xffffffff;

/** Rows gathered by key: those of key `k` are `rows[starts[k] .. starts[k + 1])`. */
export interface KeyRuns {
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
}

/** Groups `rows` by their dense key id, keeping the given order inside each key. Unknown keys are left out. */
export function groupByKey(key: Uint32Array, rows: Uint32Array, keys: number): KeyRuns {
  const next = new Uint32Array(keys + 1);
  for (let i = 0; i < rows.length; i++) {
    const id = key[rows[i]!]!;
    if (id < keys) next[id + 1] = next[id + 1]! + 1;
  }
  for (let id = 0; id < keys; id++) next[id + 1] = next[id + 1]! + next[id]!;
  const starts = next.slice();
  const grouped = new Uint32Array(starts[keys]!);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const id = key[row]!;
    if (id >= keys) continue;
    const place = next[id]!;
    next[id] = place + 1;
    grouped[place] = row;
  }
  return { starts, rows: grouped };
}

/** One more than the greatest key id in use. */
export function countKeys(key: Uint32Array): number {
  let count = 0;
  for (let row = 0; row < key.length; row++) {
    // Of an unknown key this is 0.
    const atLeast = (key[row]! + 1) >>> 0;
    if (atLeast > count) count = atLeast;
  }
  return count;
}
