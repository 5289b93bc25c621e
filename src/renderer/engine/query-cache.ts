import { createStore, type StoreApi } from 'zustand/vanilla';
import { type FalajError, isCancellation } from '../../shared/errors.ts';
import { fromWire } from './engine-error.ts';

/** One question to the engine and its latest answer. `data` stays while a newer answer is on its way. */
export interface QueryState {
  readonly data: unknown;
  readonly error: FalajError | undefined;
  readonly fetching: boolean;
}

export interface Question {
  readonly domain: string;
  readonly procedure: string;
  readonly input: unknown;
}

export type Ask = (question: Question, signal: AbortSignal) => Promise<unknown>;

interface Entry {
  readonly question: Question;
  observers: number;
  stale: boolean;
  running: AbortController | undefined;
  touchedAt: number;
}

export interface QueryTable {
  readonly queries: Readonly<Record<string, QueryState>>;
}

const KEPT_UNOBSERVED = 150;

/**
 * What the pages know, in one place: answers by question, shown at once and asked again when stale.
 * A `changes` event makes its domain's answers stale; those on screen are asked again, the others when next seen.
 */
export class QueryCache {
  readonly store: StoreApi<QueryTable> = createStore<QueryTable>(() => ({ queries: {} }));
  readonly #ask: Ask;
  readonly #entries = new Map<string, Entry>();
  #clock = 0;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Starts observing; asks when there is no fresh answer. Returns how to stop. */
  observe(key: string, question: Question): () => void {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { question, observers: 0, stale: true, running: undefined, touchedAt: 0 };
      this.#entries.set(key, entry);
    }
    const observed = entry;
    observed.observers++;
    observed.touchedAt = ++this.#clock;
    if (observed.stale && observed.running === undefined) void this.#fetch(key, observed);
    return () => {
      observed.observers--;
      this.#forgetOldest();
    };
  }

  /** Whether a page shows the answer to this question. */
  isObserved(key: string): boolean {
    return (this.#entries.get(key)?.observers ?? 0) > 0;
  }

  /** Marks answers as stale and asks the observed ones again. Without a domain: all of them. */
  invalidate(domain?: string): void {
    for (const [key, entry] of this.#entries) {
      if (domain !== undefined && entry.question.domain !== domain) continue;
      entry.stale = true;
      if (entry.observers > 0 && entry.running === undefined) void this.#fetch(key, entry);
    }
  }

  /** Asks one question again now, whoever watches. */
  refresh(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.stale = true;
    if (entry.running === undefined) void this.#fetch(key, entry);
  }

  /** Forgets every answer: the workspace was locked. */
  clear(): void {
    for (const [key, entry] of this.#entries) {
      entry.running?.abort();
      entry.running = undefined;
      entry.stale = true;
      if (entry.observers === 0) this.#entries.delete(key);
    }
    this.store.setState({ queries: {} });
  }

  /** Changes answers in place: an event carried the news itself. */
  patch(domain: string, procedure: string, change: (data: unknown, input: unknown) => unknown): void {
    this.store.setState(({ queries }) => {
      const next = { ...queries };
      for (const [key, entry] of this.#entries) {
        const state = queries[key];
        if (entry.question.domain !== domain || entry.question.procedure !== procedure) continue;
        // An answer that is on its way may be older than the news.
        if (entry.running !== undefined) entry.stale = true;
        if (state?.data === undefined) continue;
        next[key] = { ...state, data: change(state.data, entry.question.input) };
      }
      return { queries: next };
    });
  }

  async #fetch(key: string, entry: Entry): Promise<void> {
    const running = new AbortController();
    entry.running = running;
    entry.stale = false;
    this.#set(key, { fetching: true });
    try {
      const data = await this.#ask(entry.question, running.signal);
      if (entry.running === running) this.#set(key, { data, error: undefined, fetching: false });
    } catch (error) {
      const failure = fromWire(error);
      if (entry.running === running) {
        this.#set(key, isCancellation(failure) ? { fetching: false } : { error: failure, fetching: false });
      }
    } finally {
      if (entry.running === running) {
        entry.running = undefined;
        if (entry.stale && entry.observers > 0) void this.#fetch(key, entry);
      }
    }
  }

  #set(key: string, change: Partial<QueryState>): void {
    this.store.setState(({ queries }) => {
      const before = queries[key] ?? { data: undefined, error: undefined, fetching: false };
      return { queries: { ...queries, [key]: { ...before, ...change } } };
    });
  }

  #forgetOldest(): void {
    const unobserved = [...this.#entries].filter(
      ([, entry]) => entry.observers === 0 && entry.running === undefined,
    );
    if (unobserved.length <= KEPT_UNOBSERVED) return;
    unobserved.sort(([, left], [, right]) => left.touchedAt - right.touchedAt);
    const gone = unobserved.slice(0, unobserved.length - KEPT_UNOBSERVED).map(([key]) => key);
    for (const key of gone) this.#entries.delete(key);
    this.store.setState(({ queries }) => {
      const next = { ...queries };
      for (const key of gone) delete next[key];
      return { queries: next };
    });
  }
}
