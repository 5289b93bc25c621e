import { FalajError } from '../../shared/errors.ts';
import { rowsByGroup, shuffle, startOfInstant } from './split-rows.ts';

/** Row numbers of one fold: those that are learned from, then those that are judged on. */
export interface FoldRows {
  readonly order: Uint32Array;
  readonly train: number;
  readonly validation: number;
}

/**
 * Folds that go forward: the rows are cut into one block more than there are folds, and each fold learns from all blocks before
 * the one it is judged on (R. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice, 2021, section 5.10). Rows of
 * one instant stay on one side of each cut.
 *
 * @param order row numbers in ascending order of `times`
 */
export function foldsByTime(order: Uint32Array, times: Float64Array, count: number): FoldRows[] {
  const cuts = Array.from({ length: count + 1 }, (_, block) =>
    startOfInstant(order, times, Math.round((order.length * (block + 1)) / (count + 1))),
  );
  return Array.from({ length: count }, (_, fold) => {
    const [from, to] = [cuts[fold]!, cuts[fold + 1]!];
    return checked({ order: order.subarray(0, to), train: from, validation: to - from }, count);
  });
}

/** @param order row numbers in the order of a seeded shuffle */
export function foldsAtRandom(order: Uint32Array, count: number): FoldRows[] {
  const cut = (fold: number): number => Math.round((order.length * fold) / count);
  return Array.from({ length: count }, (_, fold) => {
    const judged = order.subarray(cut(fold), cut(fold + 1));
    return joined([order.subarray(0, cut(fold)), order.subarray(cut(fold + 1))], judged, count);
  });
}

/**
 * Folds between groups: each group is judged in one fold, and never learned from there. The largest groups are dealt first,
 * each to the fold that has the fewest rows; groups of one size in a seeded shuffle.
 *
 * @param groups a group's number by row; rows of −1 are a group of their own each
 */
export function foldsByGroup(rows: Uint32Array, groups: Int32Array, seed: number, count: number): FoldRows[] {
  const lists = rowsByGroup(rows, groups);
  const places = [...shuffle(Uint32Array.from(lists.keys()), seed)];
  places.sort((a, b) => lists[b]!.length - lists[a]!.length);
  const parts = Array.from({ length: count }, (): number[] => []);
  for (const place of places) {
    const smallest = parts.reduce((least, part) => (part.length < least.length ? part : least));
    for (const row of lists[place]!) smallest.push(row);
  }
  const ascending = (part: readonly number[]): Uint32Array => Uint32Array.from(part).sort();
  return parts.map((judged) =>
    joined([ascending(parts.filter((part) => part !== judged).flat())], ascending(judged), count),
  );
}

function joined(learned: readonly Uint32Array[], judged: Uint32Array, count: number): FoldRows {
  const train = learned.reduce((sum, { length }) => sum + length, 0);
  const order = new Uint32Array(train + judged.length);
  let filled = 0;
  for (const part of [...learned, judged]) {
    order.set(part, filled);
    filled += part.length;
  }
  return checked({ order, train, validation: judged.length }, count);
}

function checked(fold: FoldRows, count: number): FoldRows {
  if (fold.train > 0 && fold.validation > 0) return fold;
  throw new FalajError(
    'NO_ROWS',
    `The training part has too few rows, distinct times or groups for ${count} folds.`,
    { hint: 'Import more rows, or ask for fewer folds.', details: { folds: count } },
  );
}
