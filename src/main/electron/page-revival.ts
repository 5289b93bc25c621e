const CRASHES_ALLOWED = 3;
const WITHIN_MS = 60_000;

/** Whether a page whose process died may be loaded again by itself: not when it keeps dying. */
export class PageRevival {
  readonly #clock: () => number;
  #crashes: number[] = [];

  /** `clock` gives milliseconds that only go forward. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Counts one crash. */
  mayReload(): boolean {
    const now = this.#clock();
    this.#crashes = [...this.#crashes.filter((at) => now - at < WITHIN_MS), now];
    return this.#crashes.length <= CRASHES_ALLOWED;
  }

  /** The person asked for another try. */
  forgive(): void {
    this.#crashes = [];
  }
}
