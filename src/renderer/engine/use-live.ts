import { useEffect, useRef } from 'react';
import type { LiveEvent, LiveTopic } from '../../shared/contract/types.ts';
import { useEngine } from './engine-context.tsx';

export type EventOf<T extends LiveTopic> = Extract<LiveEvent, { topic: T['topic'] }>;

/** Follows a topic while mounted. `null` follows nothing. Events may come twice. */
export function useLive<T extends LiveTopic>(topic: T | null, listener: (event: EventOf<T>) => void): void {
  const { live } = useEngine();
  const latest = useRef(listener);
  latest.current = listener;
  const key = topic === null ? null : JSON.stringify(topic);
  useEffect(() => {
    if (key === null) return undefined;
    return live.subscribe(JSON.parse(key) as T, (event) => latest.current(event as EventOf<T>));
  }, [live, key]);
}
