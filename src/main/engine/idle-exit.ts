/**
 * Ends an engine that nobody uses: no host attached, no door to browsers open, no request under way and no work running, all
 * of it for the given time. No timer runs while somebody is there.
 */
export class IdleExit {
  readonly #idleMs: number;
  readonly #busy: () => boolean;
  readonly #exit: () => void;
  #users = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: { readonly idleMs: number; readonly busy: () => boolean; readonly exit: () => void }) {
    this.#idleMs = options.idleMs;
    this.#busy = options.busy;
    this.#exit = options.exit;
    this.#arm();
  }

  /** One more user; the returned function, called once, is its leaving. */
  enter(): () => void {
    this.#users++;
    this.#disarm();
    let here = true;
    return () => {
      if (!here) return;
      here = false;
      this.#users--;
      if (this.#users === 0) this.#arm();
    };
  }

  stop(): void {
    this.#disarm();
    this.#users = Number.POSITIVE_INFINITY; // nothing arms it again
  }

  #arm(): void {
    this.#disarm();
    if (!Number.isFinite(this.#idleMs)) return;
    this.#timer = setTimeout(() => {
      if (this.#busy()) this.#arm();
      else this.#exit();
    }, this.#idleMs);
  }

  #disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
