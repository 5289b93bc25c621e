import { type FalajError, toFalajError } from '../../shared/errors.ts';
import type { GpuSlot } from './free-slots.ts';

/** How long what the drivers said is believed. */
const FRESH_MS = 5_000;
/** While a job waits for a GPU that others use: they do not tell us when they end. */
const LOOK_EVERY_MS = 10_000;

export interface GpuWatchOptions {
  readonly read: () => Promise<readonly GpuSlot[]>;
  readonly seen: (slots: readonly GpuSlot[]) => void;
  readonly failed: (error: FalajError) => void;
  readonly clock: () => number;
}

/** The GPUs as they are, asked for only while a job waits for one. */
export class GpuWatch {
  readonly #options: GpuWatchOptions;
  #slots: readonly GpuSlot[] | null = null;
  #seenAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: GpuWatchOptions) {
    this.#options = options;
  }

  /** Null where nobody looked lately. */
  get slots(): readonly GpuSlot[] | null {
    return this.#options.clock() - this.#seenAt < FRESH_MS ? this.#slots : null;
  }

  /** Somebody waits: looks at once unless that was just done, else again after a while. */
  look(): void {
    if (this.#timer !== null || this.#closed) return;
    this.#timer = setTimeout(() => void this.#look(), this.slots === null ? 0 : LOOK_EVERY_MS);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const { read, seen, failed, clock } = this.#options;
    try {
      const slots = await read();
      this.#slots = slots;
      this.#seenAt = clock();
      this.#timer = null;
      if (!this.#closed) seen(slots);
    } catch (error) {
      this.#timer = null;
      if (!this.#closed) failed(toFalajError(error));
    }
  }
}
