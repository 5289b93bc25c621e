import { useState } from 'react';
import { type StepPoint, thinned, withPoints } from '../../components/metric-series.ts';
import { useLiveBatches } from '../../engine/use-live-batches.ts';

/** Of one metric: more than a screen is wide. The run's own history has them all. */
const MOST_POINTS = 4000;

/** Points that arrive while a run is at work, by metric. */
export function useLivePoints(run: string | null): ReadonlyMap<string, readonly StepPoint[]> {
  const [points, setPoints] = useState<ReadonlyMap<string, readonly StepPoint[]>>(new Map());
  useLiveBatches(run === null ? null : { topic: 'metrics', run }, (events) =>
    setPoints((before) => {
      const next = new Map(before);
      for (const [metric, arrived] of Map.groupBy(events, (event) => event.metric))
        next.set(metric, thinned(withPoints(next.get(metric) ?? [], arrived), MOST_POINTS));
      return next;
    }),
  );
  return points;
}
