import v8 from 'node:v8';
import vm from 'node:vm';

/**
 * Collects what nothing refers to any more, now. V8 does so when its own memory is short, which tells little of an idle
 * process, and nothing of memory that threads share: large arrays of that kind would stay until long after their use.
 * It takes some tens of milliseconds.
 */
export function collectGarbage(): void {
  v8.setFlagsFromString('--expose-gc');
  const collect: unknown = vm.runInNewContext('gc');
  if (typeof collect === 'function') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  v8.setFlagsFromString('--no-expose-gc');
}

/** Once what was asked for has been answered: nobody waits for a collection. */
const AFTER_WORK_MS = 500;

/** Collects a moment after the last of some works, if one of them left much behind. */
export class GarbageAfterWork {
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;

  /** Work begins: not while it runs. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  /** Work has ended. */
  release(leftMuch: boolean): void {
    this.hold();
    this.#isDue ||= leftMuch;
    if (!this.#isDue) return;
    this.#timer = setTimeout(() => {
      this.#isDue = false;
      collectGarbage();
    }, AFTER_WORK_MS).unref();
  }
}
