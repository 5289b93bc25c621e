import type { LiveEvent, LiveTopic } from '../../shared/contract/types.ts';

/** Points of metric curves kept for a reader that does not read; older ones are in the run's history. */
const METRIC_POINTS_KEPT = 10_000;

/**
 * Holds what a follower has not read yet. What only its newest value matters for is kept once, so the box is bounded by the
 * number of jobs and rooms however slow the reader is.
 */
export class LiveInbox {
  readonly #topics: ReadonlySet<string>;
  #newest = new Map<string, LiveEvent>();
  #metrics: LiveEvent[] = [];
  #wake: (() => void) | null = null;

  constructor(topics: readonly LiveTopic[]) {
    this.#topics = new Set(topics.map(topicKey));
  }

  put(event: LiveEvent): void {
    if (event.topic === 'heartbeat' || !this.#topics.has(topicKey(event))) return;
    if (event.topic === 'metrics') {
      this.#metrics.push(event);
      if (this.#metrics.length > METRIC_POINTS_KEPT) this.#metrics.splice(0, METRIC_POINTS_KEPT / 2);
    } else {
      const key = newestKey(event);
      this.#newest.delete(key); // moved to the end: events leave in the order of their newest value
      this.#newest.set(key, event);
    }
    this.#wake?.();
  }

  take(): LiveEvent[] {
    const events = [...this.#newest.values(), ...this.#metrics];
    this.#newest = new Map();
    this.#metrics = [];
    return events;
  }

  /** True when there is something to take; false after `timeoutMs` or when `signal` fires. */
  wait(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.#newest.size > 0 || this.#metrics.length > 0) return Promise.resolve(true);
    if (signal?.aborted === true) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (woken: boolean): void => {
        this.#wake = null;
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
        resolve(woken);
      };
      const stop = (): void => end(false);
      const timer = setTimeout(stop, timeoutMs);
      signal?.addEventListener('abort', stop, { once: true });
      this.#wake = () => end(true);
    });
  }
}

const topicKey = (topic: LiveTopic | Exclude<LiveEvent, { topic: 'heartbeat' }>): string => {
  if (topic.topic === 'log') return `log ${topic.job}`;
  return topic.topic === 'metrics' ? `metrics ${topic.run}` : topic.topic;
};

function newestKey(event: Exclude<LiveEvent, { topic: 'metrics' | 'heartbeat' }>): string {
  switch (event.topic) {
    case 'jobs':
      return `jobs ${event.job.id}`;
    case 'changes':
      return `changes ${event.room}`;
    case 'log':
      return `log ${event.job}`;
    case 'device-health':
      return `device-health ${event.change.device}`;
    case 'telemetry':
      return 'telemetry';
  }
}
