import { FalajError } from '../../shared/errors.ts';
import { mulberry32 } from '../arrays/mulberry32.ts';

export interface Interval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** Resamples in which the metric was defined. */
  readonly resamples: number;
}

export interface BootstrapOptions {
  readonly resamples: number;
  /** Such as 0.95. */
  readonly confidence: number;
  readonly seed: number;
}

/**
 * The percentile bootstrap interval of a metric (Efron and Tibshirani 1993, ch. 13): rows are drawn with replacement, and a
 * resample on which the metric is not defined (one class only) does not count. The bounds are NaN where none does.
 */
export function bootstrapInterval(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  metric: (labels: Float64Array, predictions: Float64Array) => number,
  { resamples, confidence, seed }: BootstrapOptions,
): Interval {
  if (!(Number.isInteger(resamples) && resamples >= 1 && confidence > 0 && confidence < 1))
    throw new FalajError(
      'BAD_INPUT',
      'A bootstrap needs resamples from 1 up and a confidence between 0 and 1.',
      {
        details: { resamples, confidence },
      },
    );
  const rows = labels.length;
  const random = mulberry32(seed);
  const ownLabels = new Float64Array(rows);
  const ownPredictions = new Float64Array(rows);
  const values: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    for (let row = 0; row < rows; row++) {
      const drawn = Math.floor(random() * rows);
      ownLabels[row] = labels[drawn]!;
      ownPredictions[row] = predictions[drawn]!;
    }
    const value = metric(ownLabels, ownPredictions);
    if (!Number.isNaN(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  return {
    estimate: metric(Float64Array.from(labels), Float64Array.from(predictions)),
    lower: quantile(values, (1 - confidence) / 2),
    upper: quantile(values, (1 + confidence) / 2),
    resamples: values.length,
  };
}

function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  return below + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - below);
}

export interface SliceFigures<T> {
  readonly slice: string;
  readonly rows: number;
  readonly figures: T;
}

/** The figures of each slice's rows apart, the largest slice first. */
export function measureSlices<T>(
  slices: readonly string[],
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  measure: (labels: Float64Array, predictions: Float64Array) => T,
): SliceFigures<T>[] {
  const members = Map.groupBy(slices.keys(), (row) => slices[row]!);
  return [...members]
    .map(([slice, rows]) => ({
      slice,
      rows: rows.length,
      figures: measure(
        Float64Array.from(rows, (row) => labels[row]!),
        Float64Array.from(rows, (row) => predictions[row]!),
      ),
    }))
    .sort((a, b) => b.rows - a.rows || (a.slice < b.slice ? -1 : 1));
}
