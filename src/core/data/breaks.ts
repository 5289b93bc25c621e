import { setImmediate as turn } from 'node:timers/promises';

/** Work on the engine's own thread goes on so long before others have their turn. */
const WORK_MS = 2;

/** Breaks in long work, in which the engine answers others and takes what comes in. */
export class Breaks {
  #since = performance.now();

  /** Takes one if it is time. */
  async take(): Promise<void> {
    if (performance.now() - this.#since < WORK_MS) return;
    await turn();
    this.#since = performance.now();
  }
}
