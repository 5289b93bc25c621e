import { type Column, isPresent } from '../../shared/table/column.ts';
import type { RowSplit } from './split-rows.ts';

/**
 * The trivial model that every learner must beat: the label's mean within a row's group, learned on the training part
 * alone, and leaning towards the overall mean by `PRIOR_ROWS` imaginary rows: the fewer rows a group has, the more.
 */
export interface GroupPrior {
  readonly overall: number;
  readonly groups: ReadonlyMap<string | number, number>;
}

/** Fewer rows say little of a group. */
const PRIOR_ROWS = 20;

/** @param labels by position in `trainRows`; without keys all rows are one group. */
export function fitGroupPrior(keys: Column | null, labels: Float32Array, trainRows: Uint32Array): GroupPrior {
  const sums = new Map<string | number, { sum: number; count: number }>();
  let total = 0;
  for (let position = 0; position < trainRows.length; position++) {
    const label = labels[position]!;
    total += label;
    if (keys === null) continue;
    const key = groupKey(keys, trainRows[position]!);
    const group = sums.get(key);
    if (group) {
      group.sum += label;
      group.count++;
    } else sums.set(key, { sum: label, count: 1 });
  }
  const overall = total / trainRows.length;
  const groups = new Map<string | number, number>();
  for (const [key, { sum, count }] of sums)
    groups.set(key, (sum + overall * PRIOR_ROWS) / (count + PRIOR_ROWS));
  return { overall, groups };
}

/** The prior of each row's group, the overall mean for a group that training has not seen. */
export function predictGroupPrior(prior: GroupPrior, keys: Column | null, rows: Uint32Array): Float64Array {
  const predictions = new Float64Array(rows.length).fill(prior.overall);
  if (keys === null) return predictions;
  for (let position = 0; position < rows.length; position++) {
    predictions[position] = prior.groups.get(groupKey(keys, rows[position]!)) ?? prior.overall;
  }
  return predictions;
}

/**
 * What the trivial model says of the test rows: one prediction a row, or one per class and row.
 *
 * @param keys by which rows are grouped; null for one group.
 * @param labels by position in `order`, of which the first `train` rows are learned from.
 * @param classes how many of a label of many classes; null for other labels.
 */
export function priorPredictions(
  keys: Column | null,
  labels: Float32Array,
  classes: number | null,
  { order, train, test }: Pick<RowSplit, 'order' | 'train' | 'test'>,
): Float64Array<SharedArrayBuffer> {
  const outputs = classes ?? 1;
  const predictions = new Float64Array(
    new SharedArrayBuffer(test * outputs * Float64Array.BYTES_PER_ELEMENT),
  );
  for (let output = 0; output < outputs; output++) {
    const share = classes === null ? labels : labels.map((value) => Number(value === output));
    const prior = fitGroupPrior(keys, share, order.subarray(0, train));
    const own = predictGroupPrior(prior, keys, order.subarray(order.length - test));
    for (const [row, value] of own.entries()) predictions[row * outputs + output] = value;
  }
  return predictions;
}

/** Dictionary positions stand for texts: within one column they mean the same. */
function groupKey(keys: Column, row: number): string | number {
  if (!isPresent(keys, row)) return 'missing';
  const value = keys.values[row]!;
  return typeof value === 'bigint' ? `wide ${value}` : value;
}
