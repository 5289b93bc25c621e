/** Calls once after a time that can be halted. The process may end before. */
export class TimeLimit {
  readonly #clock: () => number;
  readonly #reached: () => void;
  #leftMs: number;
  #startedAt: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: { limitMs: number; clock: () => number; reached: () => void }) {
    this.#leftMs = options.limitMs;
    this.#clock = options.clock;
    this.#reached = options.reached;
    this.resume();
  }

  pause(): void {
    if (this.#startedAt === null) return;
    this.#leftMs = Math.max(0, this.#leftMs - (this.#clock() - this.#startedAt));
    this.stop();
  }

  resume(): void {
    if (this.#startedAt !== null) return;
    this.#startedAt = this.#clock();
    this.#timer = setTimeout(this.#reached, this.#leftMs).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#startedAt = null;
  }
}
