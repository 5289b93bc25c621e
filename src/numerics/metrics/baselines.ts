import { FalajError } from '../../shared/errors.ts';

/** What answers without looking at any column: the label's mean, which is a class's share too, or its median. */
export interface Baseline {
  readonly mean: number;
  readonly median: number;
}

/** Learned from the training labels alone. */
export function fitBaseline(labels: ArrayLike<number>): Baseline {
  if (labels.length === 0) throw new FalajError('NO_ROWS', 'A baseline needs at least one label.');
  const sorted = Float64Array.from(labels).sort();
  const middle = sorted.length >> 1;
  const mean = sorted.reduce((sum, label) => sum + label, 0) / sorted.length;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { mean, median };
}
