import { rowsInAscendingOrder } from '../arrays/ascending-rows.ts';
import type { KeyRuns } from './key-runs.ts';

/** Rows by key, and within a key in ascending order of a value. */
export interface SortedRuns extends KeyRuns {
  /** The value of each place. */
  readonly values: Float64Array;
}

/** Runs up to this length are sorted by insertion. */
const SHORT_RUN = 32;

/**
 * Rows by their dense key id and then by value, equal values in row order; rows with NaN or without a known key are left
 * out. Grouping first leaves many short runs, which sort faster than all rows at once.
 */
export function sortedRuns(key: Uint32Array, values: Float64Array, keys: number): SortedRuns {
  const runs = grouped(key, values, keys);
  for (let id = 0; id < keys; id++) {
    const start = runs.starts[id]!;
    const end = runs.starts[id + 1]!;
    if (end - start <= SHORT_RUN) insertionSort(runs.values, runs.rows, start, end);
    else sortLongRun(runs, start, end);
  }
  return runs;
}

function grouped(key: Uint32Array, values: Float64Array, keys: number): SortedRuns {
  const next = new Uint32Array(keys + 1);
  for (let row = 0; row < key.length; row++) {
    const id = key[row]!;
    const value = values[row]!;
    // biome-ignore lint/suspicious/noSelfCompare: the quickest test for NaN in a hot loop.
    if (id < keys && value === value) next[id + 1] = next[id + 1]! + 1;
  }
  for (let id = 0; id < keys; id++) next[id + 1] = next[id + 1]! + next[id]!;
  const starts = next.slice();
  const rows = new Uint32Array(starts[keys]!);
  const ordered = new Float64Array(rows.length);
  for (let row = 0; row < key.length; row++) {
    const id = key[row]!;
    const value = values[row]!;
    // biome-ignore lint/suspicious/noSelfCompare: see above.
    if (id >= keys || value !== value) continue;
    const place = next[id]!;
    next[id] = place + 1;
    rows[place] = row;
    ordered[place] = value;
  }
  return { starts, rows, values: ordered };
}

function insertionSort(values: Float64Array, rows: Uint32Array, start: number, end: number): void {
  for (let at = start + 1; at < end; at++) {
    const value = values[at]!;
    if (values[at - 1]! <= value) continue;
    const row = rows[at]!;
    let place = at;
    do {
      values[place] = values[place - 1]!;
      rows[place] = rows[place - 1]!;
      place--;
    } while (place > start && values[place - 1]! > value);
    values[place] = value;
    rows[place] = row;
  }
}

function sortLongRun({ values, rows }: SortedRuns, start: number, end: number): void {
  const run = values.subarray(start, end);
  let isSorted = true;
  for (let at = 1; at < run.length && isSorted; at++) isSorted = run[at - 1]! <= run[at]!;
  if (isSorted) return;
  const order = rowsInAscendingOrder(run);
  const oldValues = run.slice();
  const oldRows = rows.slice(start, end);
  for (let at = 0; at < order.length; at++) {
    values[start + at] = oldValues[order[at]!]!;
    rows[start + at] = oldRows[order[at]!]!;
  }
}
