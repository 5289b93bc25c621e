import { mulberry32 } from '../../numerics/arrays/mulberry32.ts';
import { FalajError } from '../../shared/errors.ts';

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

/** Cuts rows after a seeded shuffle (Fisher-Yates over the mulberry32 generator). */
export function splitAtRandom(rows: Uint32Array, seed: number, shares: SplitShares): RowSplit {
  const order = rows.slice();
  const random = mulberry32(seed);
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
  }
  const { validationFrom, testFrom } = cuts(order.length, shares);
  return parts(order, validationFrom, testFrom);
}

function cuts(rows: number, shares: SplitShares): { validationFrom: number; testFrom: number } {
  const test = Math.round(rows * shares.test);
  const validation = Math.round(rows * shares.validation);
  return { validationFrom: rows - test - validation, testFrom: rows - test };
}

/** The first position of the instant that the cut falls into. */
function startOfInstant(order: Uint32Array, times: Float64Array, cut: number): number {
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
      'There are too few rows, or too few distinct times, to keep some back for the test.',
      {
        hint: 'Import more rows, or choose another share for the test.',
        details: { rows: order.length, train: split.train, test: split.test },
      },
    );
  }
  return split;
}
