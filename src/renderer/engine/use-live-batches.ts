import { useEffect, useRef } from 'react';
import type { LiveTopic } from '../../shared/contract/types.ts';
import { type EventOf, useLive } from './use-live.ts';

const GATHERED_MS = 200;

/** As {@link useLive}, in batches: what comes by the hundred a second must not redraw the page each time. */
export function useLiveBatches<T extends LiveTopic>(
  topic: T | null,
  listener: (events: readonly EventOf<T>[]) => void,
): void {
  const waiting = useRef<EventOf<T>[]>([]);
  const timer = useRef<number | undefined>(undefined);
  const latest = useRef(listener);
  latest.current = listener;
  useLive(topic, (event) => {
    waiting.current.push(event);
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      latest.current(waiting.current.splice(0));
    }, GATHERED_MS);
  });
  const key = topic === null ? null : JSON.stringify(topic);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what waits is of the topic, and goes with it
  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
      timer.current = undefined;
      waiting.current = [];
    },
    [key],
  );
}
