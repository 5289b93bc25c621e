import { FalajError } from '../../shared/errors.ts';

const FREE_TRIES = 5;
const LONGEST_WAIT_MS = 60_000;

/**
 * Slows guessing through the application: after five wrong tries each further one must wait 1, 2, 4 … 60 seconds. Kept in
 * memory only, for whoever has the file guesses elsewhere. Tries run one at a time, so that many at once gain nothing.
 */
export class UnlockGuard {
  readonly #clock: () => number;
  #failures = 0;
  #waitUntilMs = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param clock monotonic milliseconds. */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  attempt<T>(unlock: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => this.#try(unlock));
    this.#turn = result.then(
      () => null,
      () => null,
    );
    return result;
  }

  async #try<T>(unlock: () => Promise<T>): Promise<T> {
    const waitMs = this.#waitUntilMs - this.#clock();
    if (waitMs > 0) {
      const waitSeconds = Math.ceil(waitMs / 1000);
      throw new FalajError('TOO_MANY_TRIES', `Too many wrong tries. Wait ${waitSeconds} s.`, {
        hint: 'Then try again, or use the recovery key.',
        details: { waitSeconds },
      });
    }
    try {
      const result = await unlock();
      this.#failures = 0;
      return result;
    } catch (error) {
      if (error instanceof FalajError && error.code === 'WRONG_PASSPHRASE') this.#fail();
      throw error;
    }
  }

  #fail(): void {
    this.#failures++;
    if (this.#failures < FREE_TRIES) return;
    this.#waitUntilMs = this.#clock() + Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (this.#failures - FREE_TRIES));
  }
}
