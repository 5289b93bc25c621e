export interface HistoryPoint {
  readonly step: number;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * At most `limit` points that draw the same curve: the points are cut into equal buckets by order and the lowest and
 * the highest of each are kept, in their own order, so that no spike is lost. The first and the last point always stay.
 */
export function reduceHistory(points: readonly HistoryPoint[], limit: number): HistoryPoint[] {
  if (points.length <= limit) return [...points];
  const first = points[0]!;
  const last = points[points.length - 1]!;
  const inner = points.length - 2;
  const buckets = Math.floor((limit - 2) / 2);
  const kept: HistoryPoint[] = [first];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * inner) / buckets);
    const to = 1 + Math.floor(((bucket + 1) * inner) / buckets);
    let lowest = from;
    let highest = from;
    for (let index = from + 1; index < to; index++) {
      const value = points[index]!.value;
      if (value < points[lowest]!.value) lowest = index;
      if (value > points[highest]!.value) highest = index;
    }
    kept.push(points[Math.min(lowest, highest)]!);
    if (lowest !== highest) kept.push(points[Math.max(lowest, highest)]!);
  }
  kept.push(last);
  return kept;
}
