import { reduceHistory } from '../reduce-history.ts';
import type { StoredPoint } from './metric-block.ts';
import type { SealedBlock, SeriesParts } from './metric-series.ts';

export interface CurveRange {
  readonly fromStep?: number | undefined;
  readonly toStep?: number | undefined;
}

export interface Curve {
  /** Finite, by ascending step. */
  readonly points: StoredPoint[];
  /** NaN or infinite, by ascending step. */
  readonly notFinite: StoredPoint[];
}

/**
 * At most `limit` finite points that draw the series by ascending step, the newest of those of the same step, and at most as
 * many of those that cannot be drawn. A long series is drawn from the lowest and the highest value of each block, which are
 * known without decoding it; only the blocks at the two ends are read.
 */
export function seriesCurve(parts: SeriesParts, limit: number, range: CurveRange = {}): Curve {
  const from = range.fromStep ?? Number.NEGATIVE_INFINITY;
  const to = range.toStep ?? Number.POSITIVE_INFINITY;
  const blocks = parts.blocks.filter((block) => block.maxStep >= from && block.minStep <= to);
  const fromExtremes = blocks.length * 2 > limit && isAscending(blocks, parts.tail);
  const found = blocks.flatMap((block, index) => {
    if (!fromExtremes || index === 0 || index === blocks.length - 1) return block.load();
    const { extremes, notFinite } = block.facts();
    return [...extremes, ...notFinite];
  });
  for (const point of parts.tail) found.push(point);
  const drawn = byStep(found.filter(({ step }) => step >= from && step <= to));
  return {
    points: reduceHistory(
      drawn.filter(({ value }) => Number.isFinite(value)),
      limit,
    ),
    notFinite: evenly(
      drawn.filter(({ value }) => !Number.isFinite(value)),
      limit,
    ),
  };
}

const evenly = (points: readonly StoredPoint[], limit: number): StoredPoint[] =>
  points.length <= limit
    ? [...points]
    : Array.from({ length: limit }, (_, place) => points[Math.floor((place * points.length) / limit)]!);

function isAscending(blocks: readonly SealedBlock[], tail: readonly StoredPoint[]): boolean {
  let reached = Number.NEGATIVE_INFINITY;
  for (const block of blocks) {
    if (!block.ascending || block.minStep < reached) return false;
    reached = block.maxStep;
  }
  for (const { step } of tail) {
    if (step < reached) return false;
    reached = step;
  }
  return true;
}

/** Sorted by step; of several points of one step the one that arrived last. */
function byStep(points: readonly StoredPoint[]): StoredPoint[] {
  const sorted = points.toSorted((a, b) => a.step - b.step);
  return sorted.filter((point, index) => sorted[index + 1]?.step !== point.step);
}
