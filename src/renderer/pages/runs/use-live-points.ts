import { useEffect, useState } from 'react';
import { type StepPoint, withPoint } from '../../components/metric-series.ts';
import { useLive } from '../../engine/use-live.ts';

const REDRAW_MS = 200;

/** Points that arrive while a run is at work, by metric; gathered for a moment so that fast logging does not redraw each time. */
export function useLivePoints(run: string | null): ReadonlyMap<string, readonly StepPoint[]> {
  const [points, setPoints] = useState<ReadonlyMap<string, readonly StepPoint[]>>(new Map());
  const [waiting] = useState<{ metric: string; point: StepPoint }[]>(() => []);
  useLive(run === null ? null : { topic: 'metrics', run }, ({ metric, step, value }) => {
    waiting.push({ metric, point: { step, value } });
  });
  useEffect(() => {
    if (run === null) return undefined;
    const timer = setInterval(() => {
      if (waiting.length === 0) return;
      const arrived = waiting.splice(0);
      setPoints((before) => {
        const next = new Map(before);
        for (const { metric, point } of arrived) next.set(metric, withPoint(next.get(metric) ?? [], point));
        return next;
      });
    }, REDRAW_MS);
    return () => clearInterval(timer);
  }, [run, waiting]);
  return points;
}
