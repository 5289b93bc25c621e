import type { MatrixRows } from '../linear/index.ts';

/** Bin 255 is for missing values. */
const MISSING_BIN = 255;
const MOST_BINS = 255;
const SAMPLE_ROWS = 200_000;

/**
 * Upper edges of a feature's bins, ascending: a value lies in the first bin whose edge is not below it. Edges are values
 * of the data itself in float32, so that comparing with an edge decides alike here and in any exported model. About
 * equally many rows lie in each bin; a feature of few values has one bin per value.
 */
export function binEdges({ matrix, rows, from, to }: MatrixRows, feature: number): Float32Array {
  const sample = new Float32Array(Math.min(SAMPLE_ROWS, to - from));
  const stride = (to - from) / sample.length;
  let present = 0;
  for (let index = 0; index < sample.length; index++) {
    const value = matrix[feature * rows + from + Math.floor(index * stride)]!;
    if (!Number.isNaN(value)) sample[present++] = value;
  }
  const sorted = sample.subarray(0, present).sort();
  const edges: number[] = [];
  let taken = 0;
  for (let index = 0; index < present && edges.length < MOST_BINS - 1; ) {
    // What is left is shared among the bins that are left, so that one heavy value does not starve the others.
    const wanted = (present - taken) / (MOST_BINS - edges.length);
    const value = sorted[Math.min(present - 1, Math.ceil(taken + wanted) - 1)]!;
    edges.push(value);
    index = upperBound(sorted, value);
    taken = index;
  }
  return Float32Array.from(edges);
}

/** The bin of every row [from, to) of the matrix, into `bins`. Values beyond the last edge are in the last bin. */
export function assignBins(
  { matrix, rows, from, to }: MatrixRows,
  feature: number,
  edges: Float32Array,
  bins: Uint8Array,
): void {
  const last = Math.max(0, edges.length - 1);
  for (let row = from; row < to; row++) {
    const value = matrix[feature * rows + row]!;
    if (Number.isNaN(value)) {
      bins[row - from] = MISSING_BIN;
      continue;
    }
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (edges[middle]! < value) low = middle + 1;
      else high = middle;
    }
    bins[row - from] = low;
  }
}

function upperBound(sorted: Float32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
