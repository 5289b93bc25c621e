import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseShellState, type ShellState } from './window-state.ts';

const SETTLE_MS = 400;

/** Keeps the shell's state in one small file, written a moment after the last change and replaced in one step. */
export class ShellStateFile {
  readonly #file: string;
  readonly #onError: (error: unknown) => void;
  #state: ShellState;
  #timer: NodeJS.Timeout | null = null;

  constructor(file: string, fallback: ShellState, onError: (error: unknown) => void) {
    this.#file = file;
    this.#onError = onError;
    this.#state = parseShellState(readIfPresent(file), fallback);
  }

  get state(): ShellState {
    return this.#state;
  }

  update(change: Partial<ShellState>): void {
    this.#state = { ...this.#state, ...change };
    this.#timer ??= setTimeout(() => this.flush(), SETTLE_MS);
  }

  flush(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    const fresh = `${this.#file}.new`;
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      writeFileSync(fresh, `${JSON.stringify(this.#state)}\n`, { mode: 0o600 });
      renameSync(fresh, this.#file);
    } catch (error) {
      this.#onError(error); // a full disk costs the window's place, not the work
    }
  }
}

function readIfPresent(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null; // the first start
  }
}
