import { mulberry32 } from '../../numerics/arrays/mulberry32.ts';
import { FalajError } from '../../shared/errors.ts';
import { type Column, isPresent } from '../../shared/table/column.ts';

/** Row numbers in the order training uses them: the training part, then validation, then the hold-out. */
export interface RowSplit {
  readonly order: Uint32Array;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

export interface SplitShares {
  readonly test: number;
  readonly validation: number;
}

/**
 * Cuts rows that are already in ascending order of time. Rows of one instant stay on one side of each cut, so that
 * nothing known at the start of a part was also seen in the part before it.
 *
 * @param order row numbers in ascending order of `times`
 */
export function splitByTime(order: Uint32Array, times: Float64Array, shares: SplitShares): RowSplit {
  const wanted = cuts(order.length, shares);
  const testFrom = startOfInstant(order, times, wanted.testFrom);
  const validationFrom = Math.min(startOfInstant(order, times, wanted.validationFrom), testFrom);
  return parts(order, validationFrom, testFrom);
}

/** Cuts rows after a seeded shuffle. */
export function splitAtRandom(rows: Uint32Array, seed: number, shares: SplitShares): RowSplit {
  const order = shuffle(rows.slice(), seed);
  const { validationFrom, testFrom } = cuts(order.length, shares);
  return parts(order, validationFrom, testFrom);
}

/** In place, by Fisher and Yates over the mulberry32 generator. */
export function shuffle(order: Uint32Array, seed: number): Uint32Array {
  const random = mulberry32(seed);
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
  }
  return order;
}

/**
 * Cuts between groups: all rows of one lie in the same part. Groups are taken in a seeded shuffle until a part has its
 * share of the rows, the test part first; a group that would take more than half its size too much goes to the next part.
 *
 * @param groups a group's number by row; rows of −1 are a group of their own each
 */
export function splitByGroup(
  rows: Uint32Array,
  groups: Int32Array,
  seed: number,
  shares: SplitShares,
): RowSplit {
  refuseShares(shares);
  const lists = rowsByGroup(rows, groups);
  const test: number[] = [];
  const validation: number[] = [];
  const train: number[] = [];
  for (const place of shuffle(Uint32Array.from(lists.keys()), seed)) {
    const own = lists[place]!;
    const fits = (part: number[], share: number): boolean =>
      share > 0 && part.length + own.length / 2 <= rows.length * share;
    const part = fits(test, shares.test) ? test : fits(validation, shares.validation) ? validation : train;
    for (const row of own) part.push(row);
  }
  const order = Uint32Array.from([train, validation, test].flatMap((part) => part.sort((a, b) => a - b)));
  return parts(order, train.length, train.length + validation.length);
}

/** The rows of each group, in their order. */
export function rowsByGroup(rows: Uint32Array, groups: Int32Array): number[][] {
  const members = new Map<number, number[]>();
  for (const row of rows) {
    const group = groups[row]! < 0 ? -1 - row : groups[row]!;
    const own = members.get(group);
    if (own === undefined) members.set(group, [row]);
    else own.push(row);
  }
  return [...members.values()];
}

/** Definitions that were kept before are read as they are, so what no rows can fulfil is said here. */
function refuseShares({ test, validation }: SplitShares): void {
  if (test + validation < 1) return;
  throw new FalajError(
    'BAD_DEFINITION',
    `split: test ${test} and validation ${validation} leave no rows to learn from.`,
    { hint: 'Let both together be below 1, such as test: 0.2 and validation: 0.1.' },
  );
}

function cuts(rows: number, shares: SplitShares): { validationFrom: number; testFrom: number } {
  refuseShares(shares);
  const test = Math.round(rows * shares.test);
  const validation = Math.round(rows * shares.validation);
  return { validationFrom: rows - test - validation, testFrom: rows - test };
}

/** The first position of the instant that the cut falls into. */
export function startOfInstant(order: Uint32Array, times: Float64Array, cut: number): number {
  let position = cut;
  while (position > 0 && position < order.length && times[order[position]!] === times[order[position - 1]!])
    position--;
  return position;
}

function parts(order: Uint32Array, validationFrom: number, testFrom: number): RowSplit {
  const split = {
    order,
    train: validationFrom,
    validation: testFrom - validationFrom,
    test: order.length - testFrom,
  };
  if (split.train < 1 || split.test < 1) {
    throw new FalajError(
      'NO_ROWS',
      'There are too few rows, distinct times or groups to keep some back for the test.',
      {
        hint: 'Import more rows, or choose another share for the test.',
        details: { rows: order.length, train: split.train, test: split.test },
      },
    );
  }
  return split;
}

/** A number for each different value, by row; −1 where missing. */
export function groupNumbers(column: Column): Int32Array {
  const { values } = column;
  if (column.type === 'string')
    return Int32Array.from(values as Uint32Array, (code, row) => (isPresent(column, row) ? code : -1));
  const numbers = new Map<number | bigint, number>();
  const groups = new Int32Array(values.length);
  for (let row = 0; row < groups.length; row++) {
    const value = values[row]!;
    if (!isPresent(column, row) || Number.isNaN(value)) {
      groups[row] = -1;
      continue;
    }
    const known = numbers.get(value) ?? numbers.size;
    if (known === numbers.size) numbers.set(value, known);
    groups[row] = known;
  }
  return groups;
}
