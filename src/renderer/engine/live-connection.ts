import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LiveEvent, LiveTopic } from '../../shared/contract/types.ts';

export type Follow = (topics: LiveTopic[], signal: AbortSignal) => Promise<AsyncIterable<LiveEvent>>;
export type LiveListener = (event: LiveEvent) => void;
export type LiveHealth = 'connecting' | 'open' | 'lost';

export interface LiveConnectionOptions {
  readonly follow: Follow;
  /** What pages know may be old: the stream is there for the first time, or was away. */
  readonly onGap: () => void;
  readonly backOffMs?: readonly number[];
  /** No event for so long, heartbeats included, means the stream is dead. */
  readonly silenceMs?: number;
}

interface Subscription {
  readonly topic: LiveTopic;
  readonly listeners: Set<LiveListener>;
}

const topicKey = (topic: LiveTopic): string =>
  topic.topic === 'log'
    ? `log ${topic.job}`
    : topic.topic === 'metrics'
      ? `metrics ${topic.run}`
      : topic.topic;

const eventKey = (event: LiveEvent): string =>
  event.topic === 'log'
    ? `log ${event.job}`
    : event.topic === 'metrics'
      ? `metrics ${event.run}`
      : event.topic;

const SETTLE_MS = 30;

/**
 * One stream for everything the page follows. A stream is there with its first event, a heartbeat: the engine misses nothing
 * from then on, but may before, although it has answered. When topics change, the old stream is let go only then, so that
 * nothing is missed; listeners therefore must bear an event twice. After a loss it comes back with growing pauses.
 */
export class LiveConnection {
  readonly health: StoreApi<{ readonly health: LiveHealth }> = createStore(() => ({
    health: 'connecting' as LiveHealth,
  }));
  readonly #options: Required<LiveConnectionOptions>;
  readonly #subscriptions = new Map<string, Subscription>();
  #current: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #losses = 0;
  #mayHaveMissed = true;
  #closed = false;

  constructor(options: LiveConnectionOptions) {
    this.#options = { backOffMs: [250, 500, 1000, 2000, 5000], silenceMs: 60_000, ...options };
  }

  subscribe(topic: LiveTopic, listener: LiveListener): () => void {
    const key = topicKey(topic);
    const known = this.#subscriptions.get(key);
    if (known !== undefined) {
      known.listeners.add(listener);
    } else {
      this.#subscriptions.set(key, { topic, listeners: new Set([listener]) });
      this.#schedule(SETTLE_MS);
    }
    return () => {
      const subscription = this.#subscriptions.get(key);
      subscription?.listeners.delete(listener);
      if (subscription?.listeners.size !== 0) return;
      this.#subscriptions.delete(key);
      this.#schedule(SETTLE_MS);
    };
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#current?.abort();
  }

  #schedule(delayMs: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#open(), delayMs);
  }

  async #open(): Promise<void> {
    const before = this.#current;
    const controller = new AbortController();
    this.#current = controller;
    if (this.#subscriptions.size === 0) {
      before?.abort();
      return;
    }
    let quiet: ReturnType<typeof setTimeout> | undefined;
    const heard = (): void => {
      clearTimeout(quiet);
      quiet = setTimeout(() => controller.abort(), this.#options.silenceMs);
    };
    try {
      const topics = [...this.#subscriptions.values()].map(({ topic }) => topic);
      const events = await this.#options.follow(topics, controller.signal);
      let isOpen = false;
      heard();
      for await (const event of events) {
        if (controller.signal.aborted) break;
        if (!isOpen) {
          isOpen = true;
          before?.abort();
          this.#opened();
        }
        heard();
        this.#dispatch(event);
      }
    } catch (error) {
      // A stream ends with an error both when we let go and when it is lost; `#lost` tells the two apart.
      void error;
    } finally {
      clearTimeout(quiet);
      before?.abort();
      this.#lost(controller);
    }
  }

  #opened(): void {
    this.#losses = 0;
    this.health.setState({ health: 'open' });
    if (this.#mayHaveMissed) this.#options.onGap();
    this.#mayHaveMissed = false;
  }

  #lost(controller: AbortController): void {
    if (this.#closed || this.#current !== controller) return;
    this.health.setState({ health: 'lost' });
    this.#mayHaveMissed = true;
    const pauses = this.#options.backOffMs;
    const pause = pauses[Math.min(this.#losses, pauses.length - 1)] ?? 1000;
    this.#losses++;
    this.#schedule(pause);
  }

  #dispatch(event: LiveEvent): void {
    const subscription = this.#subscriptions.get(eventKey(event));
    if (subscription === undefined) return;
    for (const listener of subscription.listeners) listener(event);
  }
}
