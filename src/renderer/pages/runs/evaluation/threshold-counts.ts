import type { Evaluation } from '../../../../shared/contract/types.ts';

export type ThresholdPoint = NonNullable<Evaluation['thresholds']>[number];

export interface ThresholdFigures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly accuracy: number;
  /** Share of the rows that are answered yes. */
  readonly answeredYes: number;
  readonly falsePositiveRate: number;
}

/**
 * What is answered if yes is the answer from `threshold` up.
 *
 * @param points by descending threshold
 */
export function countsAt(points: readonly ThresholdPoint[], threshold: number): ThresholdPoint | null {
  const first = points[0];
  if (first === undefined) return null;
  const passed = points.findLast((point) => point.threshold >= threshold);
  if (passed !== undefined) return passed;
  return {
    threshold,
    truePositives: 0,
    falsePositives: 0,
    trueNegatives: first.trueNegatives + first.falsePositives,
    falseNegatives: first.falseNegatives + first.truePositives,
  };
}

/** NaN where a figure is not defined. */
export function figuresOf(point: ThresholdPoint): ThresholdFigures {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = point;
  const rows = truePositives + falsePositives + trueNegatives + falseNegatives;
  return {
    precision: truePositives / (truePositives + falsePositives),
    recall: truePositives / (truePositives + falseNegatives),
    f1: (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
    accuracy: (truePositives + trueNegatives) / rows,
    answeredYes: (truePositives + falsePositives) / rows,
    falsePositiveRate: falsePositives / (falsePositives + trueNegatives),
  };
}
