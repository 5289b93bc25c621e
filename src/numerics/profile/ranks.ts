const CELLS = 4096;
const SMALL_ENOUGH_TO_SORT = 16_384;

/**
 * The values at the given ranks (0 = smallest), exactly, without sorting everything: count into equal cells between
 * the smallest and the greatest value, then look only into the cells in which a rank falls. `values` must be finite.
 */
export function valuesAtRanks(values: Float64Array, ranks: readonly number[]): number[] {
  if (values.length <= SMALL_ENOUGH_TO_SORT) return sortedValuesAt(values, ranks);
  const { min, max } = extremes(values);
  if (min === max) return ranks.map(() => min);
  const cells = cellsBetween(min, max);
  if (cells === null) return sortedValuesAt(values, ranks);
  const counts = new Uint32Array(CELLS);
  for (let i = 0; i < values.length; i++) {
    const cell = ((values[i]! / 2 - cells.origin) * cells.scale) | 0;
    counts[cell] = counts[cell]! + 1;
  }
  const found: number[] = [];
  let cell = 0;
  let before = 0;
  let members: Float64Array | null = null;
  for (let i = 0; i < ranks.length; ) {
    while (before + counts[cell]! <= ranks[i]!) {
      before += counts[cell]!;
      cell++;
    }
    const inCell = ranks.slice(i).filter((rank) => rank < before + counts[cell]!);
    members = valuesInCell(values, cells, cell, counts[cell]!);
    found.push(
      ...valuesAtRanks(
        members,
        inCell.map((rank) => rank - before),
      ),
    );
    i += inCell.length;
  }
  return found;
}

function sortedValuesAt(values: Float64Array, ranks: readonly number[]): number[] {
  const sorted = values.slice().sort();
  return ranks.map((rank) => sorted[rank]!);
}

/** The least and the greatest value; infinite the wrong way round without any. */
export function extremes(values: Float64Array): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

interface Cells {
  readonly origin: number;
  readonly scale: number;
}

/** Halved so that the distance of two doubles never overflows; null when they are too close to divide. */
function cellsBetween(min: number, max: number): Cells | null {
  const scale = (CELLS * (1 - 2 ** -40)) / (max / 2 - min / 2);
  return Number.isFinite(scale) ? { origin: min / 2, scale } : null;
}

function valuesInCell(values: Float64Array, cells: Cells, cell: number, count: number): Float64Array {
  const members = new Float64Array(count);
  let taken = 0;
  for (let i = 0; i < values.length; i++) {
    if ((((values[i]! / 2 - cells.origin) * cells.scale) | 0) === cell) members[taken++] = values[i]!;
  }
  return members;
}
