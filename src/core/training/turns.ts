/** Work that has something for itself, in the order in which it was asked for. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** @throws the signal's reason where it fires before the work's turn: who waits is let go at once. */
  async take<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last;
    const { promise: done, resolve: end } = Promise.withResolvers<void>();
    this.#last = Promise.all([before, done]).then(() => undefined);
    try {
      await Promise.race([before, aborted(signal)]);
      signal.throwIfAborted();
      return await work();
    } finally {
      end();
    }
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
