import type { WindowAccumulator } from './accumulators.ts';
import { sortedRuns } from './sorted-runs.ts';

/** The rank of a null value: it is in no window. */
const UNRANKED = 0xffffffff;

/** Every value's place among the distinct values of its key. */
export interface KeyRanks {
  /** Per history row: 0 for the smallest value of its key, equal values equal. */
  readonly rank: Uint32Array;
  /** The distinct values of key `k`, ascending, lie from `starts[k]` on; there are `distinct[k]`. */
  readonly starts: Uint32Array;
  readonly distinct: Uint32Array;
  readonly values: Float64Array;
}

/** The rank of each value among the distinct ones of its key. */
export function rankWithinKeys(key: Uint32Array, values: Float64Array, keys: number): KeyRanks {
  const { starts, rows, values: ascending } = sortedRuns(key, values, keys);
  const rank = new Uint32Array(values.length).fill(UNRANKED);
  const distinct = new Uint32Array(keys);
  const distinctValues = new Float64Array(rows.length);
  for (let id = 0; id < keys; id++) {
    const start = starts[id]!;
    let count = 0;
    for (let place = start; place < starts[id + 1]!; place++) {
      const value = ascending[place]!;
      if (count === 0 || distinctValues[start + count - 1] !== value) distinctValues[start + count++] = value;
      rank[rows[place]!] = count - 1;
    }
    distinct[id] = count;
  }
  return { rank, starts, distinct, values: distinctValues };
}

export interface RankedOutputs {
  readonly distinct: Float64Array | null;
  readonly percentiles: readonly { readonly hundredths: number; readonly output: Float64Array }[];
}

/**
 * Distinct values and percentiles: how often each rank of the key's values is in the window, and a Fenwick tree over those
 * counts (Fenwick 1994), which finds the n-th smallest value in logarithmic time while facts come and go.
 */
export class RankedAccumulator implements WindowAccumulator {
  readonly #ranks: KeyRanks;
  readonly #arrivals: Uint32Array;
  readonly #departures: Uint32Array;
  readonly #outputs: RankedOutputs;
  readonly #counts: Uint32Array;
  /** One-based; null when no percentile is asked for. */
  readonly #tree: Uint32Array | null;
  #start = 0;
  #size = 0;
  /** The greatest power of two within the tree. */
  #topStep = 0;
  #present = 0;
  #distinct = 0;

  /** History rows in arrival and in event order. */
  constructor(ranks: KeyRanks, arrivals: Uint32Array, departures: Uint32Array, outputs: RankedOutputs) {
    this.#ranks = ranks;
    this.#arrivals = arrivals;
    this.#departures = departures;
    this.#outputs = outputs;
    const largest = ranks.distinct.reduce((most, count) => Math.max(most, count), 0);
    this.#counts = new Uint32Array(largest);
    this.#tree = outputs.percentiles.length === 0 ? null : new Uint32Array(largest + 1);
  }

  reset(key: number): void {
    this.#start = this.#ranks.starts[key]!;
    this.#size = this.#ranks.distinct[key]!;
    this.#topStep = this.#size === 0 ? 0 : 2 ** (31 - Math.clz32(this.#size));
    this.#counts.fill(0, 0, this.#size);
    this.#tree?.fill(0, 0, this.#size + 1);
    this.#present = 0;
    this.#distinct = 0;
  }

  add(arrival: number): void {
    const rank = this.#ranks.rank[this.#arrivals[arrival]!]!;
    if (rank === UNRANKED) return;
    const before = this.#counts[rank]!;
    this.#counts[rank] = before + 1;
    if (before === 0) this.#distinct++;
    this.#change(rank, 1);
  }

  remove(departure: number): void {
    const rank = this.#ranks.rank[this.#departures[departure]!]!;
    if (rank === UNRANKED) return;
    const after = this.#counts[rank]! - 1;
    this.#counts[rank] = after;
    if (after === 0) this.#distinct--;
    this.#change(rank, -1);
  }

  #change(rank: number, by: 1 | -1): void {
    this.#present += by;
    const tree = this.#tree;
    if (tree === null) return;
    for (let node = rank + 1; node <= this.#size; node += node & -node) tree[node] = tree[node]! + by;
  }

  write(spineRow: number): void {
    const { distinct, percentiles } = this.#outputs;
    if (distinct !== null) distinct[spineRow] = this.#distinct;
    if (this.#present === 0) return;
    for (const { hundredths, output } of percentiles) output[spineRow] = this.#percentile(hundredths);
  }

  #percentile(hundredths: number): number {
    // in whole numbers, so that the place is exact however many facts there are
    const scaled = (this.#present - 1) * hundredths;
    const place = Math.floor(scaled / 100);
    const share = (scaled % 100) / 100;
    const below = this.#nthSmallest(place);
    return share === 0 ? below : between(below, this.#nthSmallest(place + 1), share);
  }

  /** The value that `place` facts of the window come before. */
  #nthSmallest(place: number): number {
    const tree = this.#tree!;
    let rank = 0;
    let left = place;
    for (let step = this.#topStep; step > 0; step >>>= 1) {
      const node = rank + step;
      if (node > this.#size || tree[node]! > left) continue;
      left -= tree[node]!;
      rank = node;
    }
    return this.#ranks.values[this.#start + rank]!;
  }
}

function between(low: number, high: number, share: number): number {
  if (low === high) return low;
  const distance = high - low;
  // the distance of infinities, or of the greatest numbers, is not finite
  return Number.isFinite(distance) ? low + distance * share : low * (1 - share) + high * share;
}
