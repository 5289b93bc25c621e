import type { ThresholdPoint } from './binary-curves.ts';

export type ThresholdWish =
  /** The highest F1. */
  | { readonly goal: 'f1' }
  /** The highest recall at no less than this precision. */
  | { readonly goal: 'precision'; readonly least: number }
  /** The highest precision at no less than this recall. */
  | { readonly goal: 'recall'; readonly least: number }
  /** The lowest cost of the wrong answers. */
  | { readonly goal: 'cost'; readonly falsePositive: number; readonly falseNegative: number };

/** The point that serves a wish best; null where none reaches what is asked for. */
export function bestThreshold(points: readonly ThresholdPoint[], wish: ThresholdWish): ThresholdPoint | null {
  let best: ThresholdPoint | null = null;
  let most = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    const value = worth(point, wish);
    if (value > most) [best, most] = [point, value];
  }
  return best;
}

function worth(
  { truePositives, falsePositives, falseNegatives }: ThresholdPoint,
  wish: ThresholdWish,
): number {
  const precision = truePositives / (truePositives + falsePositives);
  const recall = truePositives / (truePositives + falseNegatives);
  const never = Number.NEGATIVE_INFINITY;
  switch (wish.goal) {
    case 'f1':
      return (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);
    case 'precision':
      return precision >= wish.least ? recall : never;
    case 'recall':
      return recall >= wish.least ? precision : never;
    case 'cost':
      return -(wish.falsePositive * falsePositives + wish.falseNegative * falseNegatives);
  }
}
