import type { FileHandle } from 'node:fs/promises';

/** Puts what is written of a file on the disk while more of it is computed, so that less is waited for in the end. */
export class EarlySync {
  readonly #handle: FileHandle;
  #isBusy = false;
  #last: Promise<void> = Promise.resolve();

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Begins, unless it is still at it. Throws what failed before: a system tells of lost bytes only once. */
  async begin(): Promise<void> {
    if (this.#isBusy) return;
    await this.#last;
    this.#isBusy = true;
    this.#last = this.#handle.datasync().finally(() => {
      this.#isBusy = false;
    });
    // Thrown when it is asked for.
    this.#last.catch(() => undefined);
  }

  end(): Promise<void> {
    return this.#last;
  }
}
