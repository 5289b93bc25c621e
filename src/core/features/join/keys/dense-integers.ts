import { UNKNOWN_KEY } from '../../../../numerics/windows/index.ts';

/** Whole numbers that lie so near each other that each is its own id, less the least of them. */
export interface DenseIntegers {
  readonly least: number;
  readonly count: number;
}

/** Ids that no row has cost memory and a step each: at most this many for each row, or this many at all. */
const MOST_IDS_PER_ROW = 2;
const FEW_IDS = 65_536;

/** The range of a column's values; null where they lie too far apart to be numbered by their place in it. */
export function denseIntegers(values: Float64Array, validity: Uint8Array | null): DenseIntegers | null {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < values.length; row++) {
    if (validity !== null && validity[row] === 0) continue;
    const value = values[row]!;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const count = greatest - least + 1;
  return count >= 1 && count <= Math.max(FEW_IDS, MOST_IDS_PER_ROW * values.length) ? { least, count } : null;
}

/** The ids of values; UNKNOWN_KEY where they lie outside of the range. */
export function denseIds(values: Float64Array, { least, count }: DenseIntegers): Uint32Array {
  const ids = new Uint32Array(values.length);
  for (let row = 0; row < ids.length; row++) {
    const id = values[row]! - least;
    ids[row] = id >= 0 && id < count ? id : UNKNOWN_KEY;
  }
  return ids;
}
