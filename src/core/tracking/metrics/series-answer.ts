import type { MetricSeriesAnswer } from '../../../shared/contract/types.ts';
import type { MetricSeries } from './metric-series.ts';
import { type CurveRange, seriesCurve } from './series-curve.ts';

export interface SeriesRequest extends CurveRange {
  readonly series: readonly { readonly run: string; readonly metric: string }[];
  /** At most so many points each. */
  readonly points: number;
}

/** Many histories as columns, in the order asked; empty for a run or a metric that is not there. */
export const answerSeries = (kept: MetricSeries, request: SeriesRequest): MetricSeriesAnswer[] =>
  request.series.map(({ run, metric }) => {
    const parts = kept.parts(run, metric);
    if (parts === null) return { steps: [], values: [], notFinite: [] };
    const { points, notFinite } = seriesCurve(parts, request.points, request);
    return {
      steps: points.map(({ step }) => step),
      values: points.map(({ value }) => value),
      notFinite: notFinite.map(({ step, value }) => ({ step, value: textOf(value) })),
    };
  });

const textOf = (value: number): 'NaN' | 'Infinity' | '-Infinity' =>
  Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
