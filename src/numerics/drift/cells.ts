import type { DriftColumn } from '../../shared/contract/types.ts';
import { isPresent, type StringColumn } from '../../shared/table/column.ts';

type Distribution = DriftColumn['distribution'];

const TEST_CELLS = 20;
const SHOWN_CELLS = 24;
const SHOWN_CATEGORIES = 20;
/** The share at either end that is drawn in the outermost cells, so that one far value does not flatten the rest. */
const TAIL = 0.005;

/** Counts of one column on both sides over the same cells. */
export interface CellCounts {
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/** Cells between quantiles of the reference, open at both ends; equal quantiles make one cell. */
export function quantileCells(reference: Float64Array, current: Float64Array): CellCounts {
  const inner: number[] = [];
  for (let cell = 1; cell < TEST_CELLS; cell++) {
    const edge = reference[Math.floor((cell * reference.length) / TEST_CELLS)]!;
    if (edge > (inner.at(-1) ?? reference[0]!)) inner.push(edge);
  }
  return { reference: countBetween(reference, inner), current: countBetween(current, inner) };
}

/** Rows of an ascending sample below the first edge, between each pair, and from the last edge on. */
function countBetween(sorted: Float64Array, edges: readonly number[]): Float64Array {
  const counts = new Float64Array(edges.length + 1);
  let from = 0;
  for (const [cell, edge] of edges.entries()) {
    const to = lowerBound(sorted, edge);
    counts[cell] = to - from;
    from = to;
  }
  counts[edges.length] = sorted.length - from;
  return counts;
}

function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Shares over equally wide cells between the reference's outer quantiles, for the eye. */
export function shownNumbers(reference: Float64Array, current: Float64Array): Distribution {
  const at = (share: number): number =>
    reference[Math.min(reference.length - 1, Math.floor(share * reference.length))] ?? 0;
  const low = at(TAIL);
  const high = at(1 - TAIL) > low ? at(1 - TAIL) : low + 1;
  const edges = Array.from(
    { length: SHOWN_CELLS + 1 },
    (_, edge) => low + ((high - low) * edge) / SHOWN_CELLS,
  );
  const inner = edges.slice(1, -1);
  return {
    edges,
    categories: null,
    reference: toShares(countBetween(reference, inner)),
    current: toShares(countBetween(current, inner)),
  };
}

/** One cell per text of the reference, one for texts new in the current data, one for missing values. */
export function categoryCells(
  reference: StringColumn,
  current: StringColumn,
): CellCounts & { readonly names: readonly string[] } {
  const cellOf = new Map(reference.dictionary.map((text, cell) => [text, cell]));
  const names = [...reference.dictionary, '(new)', '(missing)'];
  const fresh = reference.dictionary.length;
  const count = (column: StringColumn): Float64Array => {
    const counts = new Float64Array(names.length);
    const cells = Uint32Array.from(column.dictionary, (text) => cellOf.get(text) ?? fresh);
    for (let row = 0; row < column.values.length; row++) {
      counts[isPresent(column, row) ? cells[column.values[row]!]! : fresh + 1]! += 1;
    }
    return counts;
  };
  return { reference: count(reference), current: count(current), names };
}

/** The most frequent categories of the reference, and all others together. */
export function shownCategories({
  reference,
  current,
  names,
}: CellCounts & { readonly names: readonly string[] }): Distribution {
  const used = names.map((_, cell) => cell).filter((cell) => reference[cell]! + current[cell]! > 0);
  const order = used.sort((a, b) => reference[b]! - reference[a]! || current[b]! - current[a]!);
  const top = order.slice(0, SHOWN_CATEGORIES);
  const rest = order.slice(SHOWN_CATEGORIES);
  const pick = (counts: Float64Array): number[] => {
    const picked = top.map((cell) => counts[cell]!);
    if (rest.length > 0) picked.push(rest.reduce((sum, cell) => sum + counts[cell]!, 0));
    return toShares(Float64Array.from(picked));
  };
  const categories = [...top.map((cell) => names[cell]!), ...(rest.length > 0 ? ['(other)'] : [])];
  return { edges: null, categories, reference: pick(reference), current: pick(current) };
}

function toShares(counts: Float64Array): number[] {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  return [...counts].map((count) => (rows === 0 ? 0 : count / rows));
}
