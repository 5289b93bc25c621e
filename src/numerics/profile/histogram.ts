export interface HistogramBin {
  /** Inclusive. */
  readonly from: number;
  /** Exclusive, but inclusive in the last bin. */
  readonly to: number;
  readonly count: number;
}

/**
 * At most `limit` bins of equal width from the smallest to the greatest value. Whole numbers get bins of whole width, so
 * that a bin per number looks like one.
 */
export function equalWidthHistogram(
  values: Float64Array,
  range: { readonly min: number; readonly max: number; readonly whole: boolean },
  limit: number,
): HistogramBin[] {
  if (values.length === 0) return [];
  const { min, max, whole } = range;
  if (whole) return wholeWidthHistogram(values, min, max, limit);
  const distance = max / 2 - min / 2;
  if (distance === 0) return [{ from: min, to: max, count: values.length }];
  const counts = new Uint32Array(limit);
  for (let i = 0; i < values.length; i++) {
    const bin = Math.min(limit - 1, Math.floor(((values[i]! / 2 - min / 2) / distance) * limit));
    counts[bin] = counts[bin]! + 1;
  }
  const edge = (bin: number): number => min * (1 - bin / limit) + max * (bin / limit);
  return Array.from(counts, (count, bin) => ({ from: edge(bin), to: edge(bin + 1), count }));
}

function wholeWidthHistogram(values: Float64Array, min: number, max: number, limit: number): HistogramBin[] {
  const width = Math.ceil((max - min + 1) / limit);
  const counts = new Uint32Array(Math.floor((max - min) / width) + 1);
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor((values[i]! - min) / width);
    counts[bin] = counts[bin]! + 1;
  }
  return Array.from(counts, (count, bin) => ({
    from: min + bin * width,
    to: min + (bin + 1) * width,
    count,
  }));
}
