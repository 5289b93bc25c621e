import { rowsInAscendingOrder } from '../arrays/ascending-rows.ts';
import type { KeyRuns } from './key-runs.ts';

/** Rows by key, and within a key in ascending order of a value. */
export interface SortedRuns extends KeyRuns {
  /** The value of each place. */
  readonly values: Float64Array;
}

/** Where arrays of so many bytes lie: memory of their own, or such as threads share. */
export type MemoryOf = (bytes: number) => ArrayBufferLike;

/** Memory that no other thread sees. */
export const ownMemory: MemoryOf = (bytes) => new ArrayBuffer(bytes);

/** Runs up to this length are sorted by insertion. */
const SHORT_RUN = 32;
/** From this length on a radix sort, whose tables cost the same however short the run is, is the faster one. */
const RADIX_RUN = 1_024;

/**
 * Rows by their dense key id and then by value, equal values in row order; rows with NaN or without a known key are left
 * out. Grouping first leaves many short runs, which sort faster than all rows at once.
 */
export function sortedRuns(
  key: Uint32Array,
  values: Float64Array,
  keys: number,
  memoryOf: MemoryOf = ownMemory,
): SortedRuns {
  const runs = grouped(key, values, keys, memoryOf);
  const scratch = new Scratch();
  for (let id = 0; id < keys; id++) {
    const start = runs.starts[id]!;
    const end = runs.starts[id + 1]!;
    if (end - start <= SHORT_RUN) insertionSort(runs.values, runs.rows, start, end);
    else sortLongRun(runs, scratch, start, end);
  }
  return runs;
}

function grouped(key: Uint32Array, values: Float64Array, keys: number, memoryOf: MemoryOf): SortedRuns {
  const next = new Uint32Array(keys + 1);
  for (let row = 0; row < key.length; row++) {
    const id = key[row]!;
    const value = values[row]!;
    // biome-ignore lint/suspicious/noSelfCompare: the quickest test for NaN in a hot loop.
    if (id < keys && value === value) next[id + 1] = next[id + 1]! + 1;
  }
  for (let id = 0; id < keys; id++) next[id + 1] = next[id + 1]! + next[id]!;
  const starts = new Uint32Array(memoryOf(next.byteLength));
  starts.set(next);
  const rows = new Uint32Array(memoryOf(4 * starts[keys]!));
  const ordered = new Float64Array(memoryOf(8 * rows.length));
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

/** Runs already in order stay; others are merged out of short ones, or, from {@link RADIX_RUN} on, sorted by their bits. */
function sortLongRun(runs: SortedRuns, scratch: Scratch, start: number, end: number): void {
  const { values, rows } = runs;
  let isSorted = true;
  for (let at = start + 1; at < end && isSorted; at++) isSorted = values[at - 1]! <= values[at]!;
  if (isSorted) return;
  if (end - start >= RADIX_RUN) radixSort(runs, start, end);
  else mergeSort(values, rows, scratch.of(end - start), start, end);
}

function radixSort({ values, rows }: SortedRuns, start: number, end: number): void {
  const order = rowsInAscendingOrder(values.subarray(start, end));
  const oldValues = values.slice(start, end);
  const oldRows = rows.slice(start, end);
  for (let at = 0; at < order.length; at++) {
    values[start + at] = oldValues[order[at]!]!;
    rows[start + at] = oldRows[order[at]!]!;
  }
}

/** Bottom up from runs that are sorted by insertion; equal values keep their order. */
function mergeSort(values: Float64Array, rows: Uint32Array, aside: Places, start: number, end: number): void {
  for (let at = start; at < end; at += SHORT_RUN) {
    insertionSort(values, rows, at, Math.min(end, at + SHORT_RUN));
  }
  for (let width = SHORT_RUN; width < end - start; width *= 2) {
    for (let left = start; left + width < end; left += 2 * width) {
      mergeNeighbours(values, rows, aside, left, left + width, Math.min(end, left + 2 * width));
    }
  }
}

/** The left part is laid aside and merged with the right one from the front, in place. */
function mergeNeighbours(
  values: Float64Array,
  rows: Uint32Array,
  aside: Places,
  start: number,
  middle: number,
  end: number,
): void {
  if (values[middle - 1]! <= values[middle]!) return;
  const count = middle - start;
  for (let i = 0; i < count; i++) {
    aside.values[i] = values[start + i]!;
    aside.rows[i] = rows[start + i]!;
  }
  let left = 0;
  let right = middle;
  let place = start;
  while (left < count && right < end) {
    if (aside.values[left]! <= values[right]!) {
      values[place] = aside.values[left]!;
      rows[place++] = aside.rows[left++]!;
    } else {
      values[place] = values[right]!;
      rows[place++] = rows[right++]!;
    }
  }
  while (left < count) {
    values[place] = aside.values[left]!;
    rows[place++] = aside.rows[left++]!;
  }
}

interface Places {
  readonly values: Float64Array;
  readonly rows: Uint32Array;
}

/** Memory to merge in, taken when first needed. */
class Scratch {
  #places: Places = { values: new Float64Array(0), rows: new Uint32Array(0) };

  of(length: number): Places {
    if (this.#places.rows.length < length) {
      const size = Math.min(RADIX_RUN, 2 * length);
      this.#places = { values: new Float64Array(size), rows: new Uint32Array(size) };
    }
    return this.#places;
  }
}
