import type { KernelLog } from './kernel-log.ts';

/** All is looked at again after this, for what shows in no alarm. */
const LOOK_EVERY_MS = 60_000;
/** However often it alarms. */
const LOOK_AT_MOST_EVERY_MS = 2_000;

export interface HealthWatchOptions {
  readonly kernelLog: Pick<KernelLog, 'read'>;
  /** Asks the drivers, and judges. */
  readonly look: () => Promise<unknown>;
  readonly clock: () => number;
}

/** Decides, second after second, whether a look at the health of all devices is due. It costs next to nothing when not. */
export class HealthWatch {
  readonly #options: HealthWatchOptions;
  #alarm = '';
  #lookedAt: number;
  #isDue = false;
  #isLooking = false;

  constructor(options: HealthWatchOptions) {
    this.#options = options;
    this.#lookedAt = options.clock();
  }

  /** `alarm`: what must not change; empty where nothing says it. */
  async tick(alarm: string): Promise<void> {
    // The first one that says something is what others are compared with.
    if (this.#alarm !== '' && alarm !== this.#alarm) this.#isDue = true;
    this.#alarm = alarm;
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      if (await this.#options.kernelLog.read()) this.#isDue = true;
      const sinceMs = this.#options.clock() - this.#lookedAt;
      if (sinceMs < LOOK_AT_MOST_EVERY_MS || (!this.#isDue && sinceMs < LOOK_EVERY_MS)) return;
      this.#isDue = false;
      this.#lookedAt = this.#options.clock();
      await this.#options.look();
    } finally {
      this.#isLooking = false;
    }
  }
}
