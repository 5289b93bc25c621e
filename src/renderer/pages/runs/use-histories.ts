import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { MetricPoint } from '../../../shared/contract/types.ts';
import { type StepPoint, withPoint } from '../../components/metric-series.ts';
import { useEngine } from '../../engine/engine-context.tsx';
import { queryKey } from '../../engine/procedures.ts';
import { useLive } from '../../engine/use-live.ts';

export interface HistoryRequest {
  readonly run: string;
  readonly metric: string;
}

const POINTS = 2000;
const REDRAW_MS = 200;

/** The histories of any number of metrics, in the order asked; empty while on their way. */
export function useHistories(requests: readonly HistoryRequest[]): readonly (readonly StepPoint[])[] {
  const { cache } = useEngine();
  const keys = JSON.stringify(requests.map(({ run, metric }) => ({ id: run, metric, points: POINTS })));
  const inputs = useMemo(() => JSON.parse(keys) as readonly { id: string; metric: string }[], [keys]);
  useEffect(() => {
    const stops = inputs.map((input) =>
      cache.observe(queryKey('runs', 'history', input), { domain: 'runs', procedure: 'history', input }),
    );
    return () => {
      for (const stop of stops) stop();
    };
  }, [cache, inputs]);
  const answers = useStore(
    cache.store,
    useShallow(({ queries }) => inputs.map((input) => queries[queryKey('runs', 'history', input)]?.data)),
  );
  return useMemo(
    () => answers.map((answer) => (answer as readonly MetricPoint[] | undefined) ?? []),
    [answers],
  );
}

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
