import {
  type ChildLimits,
  type IsolatedChild,
  type IsolatedChildOptions,
  spawnIsolated,
  type WaitingChild,
} from '../../processes/index.ts';

export interface ReaderChild extends IsolatedChild {
  /** It was started before there was a file for it, so it may end without having heard of one. */
  readonly hasWaited?: boolean;
}

/** Starts the isolated process that reads one file, or takes one that has started already. */
export type StartReader = (
  options: Pick<IsolatedChildOptions, 'readable' | 'memoryLimitBytes' | 'piped'> & ChildLimits,
) => ReaderChild;

export const CHILD_MEMORY_BYTES = 2_147_483_648;

export const startReader = (options: Parameters<StartReader>[0]): WaitingChild =>
  spawnIsolated({ entry: 'data-reader', ...options });

export interface ReaderTimes {
  /** After the last reading until the next process is made ready: the work that the rows were read for goes first. */
  readonly delayMs: number;
  /** How long one waits for a reading. */
  readonly keepMs: number;
}

const TIMES: ReaderTimes = { delayMs: 500, keepMs: 60_000 };

/**
 * Keeps a process that reads files ready for the next reading: starting one takes longer than reading a small file, and who
 * has read one table soon reads another. It has seen nothing yet, and like any other it reads once. It may open no file
 * through Node, so only readings take it that leave this to DuckDB, which has a list of its own of what it may open.
 */
export class ReaderProcesses {
  readonly #times: ReaderTimes;
  #ready: WaitingChild | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(times: ReaderTimes = TIMES) {
    this.#times = times;
  }

  readonly start: StartReader = (options) => {
    const child = this.#take(options);
    clearTimeout(this.#timer);
    void child.exited.then(() => this.#later(this.#times.delayMs, () => this.#prepare()));
    return child;
  };

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const ready = this.#ready;
    this.#drop();
    await ready?.exited;
  }

  #take(options: Parameters<StartReader>[0]): ReaderChild {
    const ready = this.#ready;
    const isFit =
      ready !== null &&
      (options.readable ?? []).length === 0 &&
      options.piped !== true &&
      options.memoryLimitBytes === CHILD_MEMORY_BYTES;
    if (!isFit) return startReader(options);
    this.#ready = null;
    ready.begin(options);
    return { ...ready, hasWaited: true };
  }

  #prepare(): void {
    // One may be ready that was not taken meanwhile, for another reading was under way: it is kept anew.
    this.#ready ??= this.#startWaiting();
    this.#later(this.#times.keepMs, () => this.#drop());
  }

  #startWaiting(): WaitingChild {
    const child = startReader({ memoryLimitBytes: CHILD_MEMORY_BYTES });
    child.rest();
    void child.exited.then(() => {
      if (this.#ready === child) this.#ready = null;
    });
    return child;
  }

  #drop(): void {
    this.#ready?.kill();
    this.#ready = null;
  }

  #later(ms: number, work: () => void): void {
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(work, ms).unref();
  }
}
