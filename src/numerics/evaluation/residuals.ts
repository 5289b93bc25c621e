import type { PredictedRows } from './predicted-rows.ts';
import { evenlySpaced } from './sampling.ts';

export interface Residuals {
  /** Label minus prediction between two bounds: rows. The outermost bins hold all beyond the 0.5 % and 99.5 % quantiles. */
  readonly histogram: { from: number; to: number; count: number }[];
  /** Some of the rows. */
  readonly points: { predicted: number; label: number }[];
}

const BINS = 40;
const POINTS = 600;
const SORTED = 200_000;

/** How far off the predictions are. */
export function residualsOf({ labels, predictions }: PredictedRows): Residuals {
  const error = (row: number): number => labels[row]! - predictions[row]!;
  const sorted = Float64Array.from(evenlySpaced(labels.length, SORTED), error).sort();
  const least = sorted[Math.floor(0.005 * (sorted.length - 1))] ?? 0;
  const most = sorted[Math.ceil(0.995 * (sorted.length - 1))] ?? 0;
  const width = (most - least) / BINS || 1;
  const counts = new Uint32Array(BINS);
  for (let row = 0; row < labels.length; row++)
    counts[Math.min(BINS - 1, Math.max(0, Math.floor((error(row) - least) / width)))]!++;
  return {
    histogram: Array.from(counts, (count, bin) => ({
      from: least + bin * width,
      to: least + (bin + 1) * width,
      count,
    })),
    points: Array.from(evenlySpaced(labels.length, POINTS), (row) => ({
      predicted: predictions[row]!,
      label: labels[row]!,
    })),
  };
}
