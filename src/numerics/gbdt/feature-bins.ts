import { BIN_TABLE_BYTES, type FitPlan } from './fit-plan.ts';
import type { Kernels } from './kernels.ts';

/** Bin 255 is for missing values. */
export const MISSING_BIN = 255;

/**
 * The edges between a feature's bins, ascending, from sorted values: a value lies in the first bin whose edge is not below
 * it, and in the last bin when there is none. Edges lie half-way between neighbours, as float32 numbers, so that comparing
 * with an edge decides alike here and in any exported model. About equally many values lie in each bin, but a value that
 * alone fills one has its own; few different values have a bin each.
 */
export function binEdges(sorted: Float32Array, maxBins: number): Float32Array {
  const fair = sorted.length / maxBins;
  let [distinct, heavyValues, heavyRows] = [0, 0, 0];
  for (let from = 0; from < sorted.length; distinct++) {
    const to = endOfRun(sorted, from);
    if (to - from >= fair) {
      heavyValues++;
      heavyRows += to - from;
    }
    from = to;
  }
  const edges: number[] = [];
  let lightBins = maxBins - heavyValues;
  let lightRows = sorted.length - heavyRows;
  let filled = 0;
  let to = endOfRun(sorted, 0);
  let count = to;
  while (to < sorted.length && edges.length < maxBins - 1) {
    const next = endOfRun(sorted, to);
    const nextCount = next - to;
    const isHeavy = count >= fair;
    if (!isHeavy) filled += count;
    const wanted = lightRows / Math.max(1, lightBins);
    // A heavy value starts a bin, where that leaves no sliver before it.
    const isFull = isHeavy || filled >= wanted || (nextCount >= fair && filled >= wanted / 2);
    if (distinct <= maxBins || isFull) {
      edges.push(between(sorted[to - 1]!, sorted[to]!));
      if (filled > 0) {
        // What is left is shared among the bins that are left.
        lightRows -= filled;
        lightBins--;
        filled = 0;
      }
    }
    to = next;
    count = nextCount;
  }
  return Float32Array.from(edges);
}

/** Where the values equal to the one at `from` end. */
function endOfRun(sorted: Float32Array, from: number): number {
  const value = sorted[from];
  let to = from + 1;
  while (to < sorted.length && sorted[to] === value) to++;
  return Math.min(to, sorted.length);
}

/** A float32 number from a (inclusive) to b (exclusive). Adding 0 makes −0 the 0 that it equals. */
function between(a: number, b: number): number {
  const middle = Math.fround((a + b) / 2);
  return (middle >= a && middle < b ? middle : a) + 0;
}

/**
 * The categories that get a bin of their own: the most frequent ones, ascending. All others, and those that were never seen,
 * share the bin behind the last.
 */
export function binCategories(column: Float32Array, maxBins: number): Float32Array {
  const counts = new Map<number, number>();
  for (const value of column) if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const byFrequency = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return Float32Array.from(byFrequency.slice(0, maxBins - 1), ([value]) => value).sort();
}

/** Bins one feature of all rows into its column, as thread number `thread`, and describes it in the feature table. */
export function binFeature(
  plan: FitPlan,
  kernels: Kernels,
  buffer: ArrayBufferLike,
  thread: number,
  feature: number,
): void {
  const { at, matrix, matrixRows, train, held } = plan;
  const start = feature * matrixRows + plan.from;
  const column = matrix.subarray(start, start + train);
  const heldFrom = feature * matrixRows + plan.heldFrom;
  const heldColumn = matrix.subarray(heldFrom, heldFrom + held);
  const target = at.columns + feature * plan.rows;
  const isCategorical = plan.categorical[feature]!;
  let edges: Float32Array;
  if (isCategorical) {
    edges = binCategories(column, plan.maxBins);
    for (const [values, place] of [
      [column, 0],
      [heldColumn, plan.heldStart],
    ] as const)
      placeCategories(values, edges, new Uint8Array(buffer, target + place, values.length));
  } else {
    edges = binEdges(sortedSample(plan, kernels, buffer, thread, column), plan.maxBins);
  }
  new Float32Array(buffer, at.edges + feature * 1024, edges.length).set(edges);
  new Uint32Array(buffer, at.edgeCounts, plan.features)[feature] = edges.length;
  const about = new DataView(buffer, at.featureTable + feature * 8, 8);
  about.setUint16(0, isCategorical ? edges.length : edges.length + 1, true);
  about.setUint8(2, isCategorical ? 1 : 0);
  if (isCategorical) return;
  const table = at.binTable + thread * BIN_TABLE_BYTES;
  const edgesAt = at.edges + feature * 1024;
  kernels.fillBinTable(edgesAt, edges.length, table);
  const chunkAt = at.chunk + thread * plan.chunkRows * 4;
  const chunk = new Float32Array(buffer, chunkAt, plan.chunkRows);
  for (const [values, place] of [
    [column, 0],
    [heldColumn, plan.heldStart],
  ] as const) {
    for (let from = 0; from < values.length; from += plan.chunkRows) {
      const part = values.subarray(from, from + plan.chunkRows);
      chunk.set(part);
      kernels.placeBins(chunkAt, part.length, edgesAt, edges.length, table, target + place + from);
    }
  }
}

/** The present values of evenly spaced rows, sorted. */
function sortedSample(
  { at, sampleRows }: FitPlan,
  kernels: Kernels,
  buffer: ArrayBufferLike,
  thread: number,
  column: Float32Array,
): Float32Array {
  const sampleAt = at.sample + thread * sampleRows * 4;
  const sample = new Float32Array(buffer, sampleAt, sampleRows);
  const stride = column.length / sample.length;
  let present = 0;
  for (let index = 0; index < sample.length; index++) {
    const value = column[Math.floor(index * stride)]!;
    // biome-ignore lint/suspicious/noSelfCompare: faster than a call for each of millions, and only NaN differs from itself
    if (value === value) sample[present++] = value;
  }
  kernels.sortValues(
    sampleAt,
    at.spare + thread * sampleRows * 4,
    at.binTable + thread * BIN_TABLE_BYTES,
    present,
  );
  return sample.subarray(0, present);
}

function placeCategories(values: Float32Array, categories: Float32Array, bins: Uint8Array): void {
  const most = categories.at(-1) ?? -1;
  const other = categories.length;
  const table = new Uint8Array(most + 1).fill(other);
  for (const [bin, category] of categories.entries()) table[category] = bin;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    bins[row] = Number.isNaN(value) ? MISSING_BIN : value <= most ? table[value]! : other;
  }
}
