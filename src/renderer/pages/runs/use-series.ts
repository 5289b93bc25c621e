import { useMemo, useRef } from 'react';
import type { MetricSeriesAnswer } from '../../../shared/contract/types.ts';
import type { FalajError } from '../../../shared/errors.ts';
import type { NotFinite, StepPoint, StepRange } from '../../components/metric-series.ts';
import { useQuery } from '../../engine/use-query.ts';

export interface AskedSeries {
  readonly run: string;
  readonly metric: string;
}

export interface Curve {
  readonly points: readonly StepPoint[];
  readonly notFinite: readonly NotFinite[];
}

export interface SeriesAnswer {
  /** In the order asked. */
  readonly curves: readonly Curve[];
  /** Nothing is known yet of any of them. */
  readonly loading: boolean;
  readonly error: FalajError | undefined;
  readonly retry: () => void;
}

export interface SeriesOptions {
  /** At most so many points each. */
  readonly points: number;
  readonly range?: StepRange;
  readonly enabled: boolean;
}

const EMPTY: Curve = { points: [], notFinite: [] };

/** Histories; what was known stays while more is on its way, what is not there yet is empty. */
export function useSeries(asked: readonly AskedSeries[], options: SeriesOptions): SeriesAnswer {
  const { points, range = null, enabled } = options;
  const series = asked.map(({ run, metric }) => ({ run, metric }));
  const { data, loading, error, refresh } = useQuery(
    'runs',
    'series',
    {
      series,
      points,
      ...(range === null ? {} : { fromStep: Math.floor(range[0]), toStep: Math.ceil(range[1]) }),
    },
    { enabled: enabled && asked.length > 0 },
  );
  const of = JSON.stringify([range, series]);
  const known = useRef<{ range: string; curves: ReadonlyMap<string, Curve> }>({
    range: '',
    curves: new Map(),
  });
  const curves = useMemo(() => {
    const [inRange, wanted] = JSON.parse(of) as [StepRange, AskedSeries[]];
    const rangeKey = JSON.stringify(inRange);
    if (data !== undefined)
      known.current = {
        range: rangeKey,
        curves: new Map(wanted.map((one, place) => [keyOf(one), curveOf(data[place])])),
      };
    // A part of other steps says nothing about these.
    const curves = known.current.range === rangeKey ? known.current.curves : null;
    return wanted.map((one) => curves?.get(keyOf(one)) ?? EMPTY);
  }, [of, data]);
  const isBlank = curves.every((curve) => curve === EMPTY);
  return { curves, loading: loading && isBlank, error, retry: refresh };
}

const keyOf = ({ run, metric }: AskedSeries): string => `${run} ${metric}`;

const curveOf = (answer: MetricSeriesAnswer | undefined): Curve =>
  answer === undefined
    ? EMPTY
    : {
        points: answer.steps.map((step, place) => ({ step, value: answer.values[place]! })),
        notFinite: answer.notFinite,
      };
