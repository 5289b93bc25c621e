import { FalajError, toFalajError } from '../../shared/errors.ts';

/** What the shell needs of an engine it is attached to. */
export interface SupervisedDoor {
  readonly socketPath: string;
  readonly token: string;
  readonly pid: number;
  close(): void;
}

export interface EngineSupervisorOptions<Door extends SupervisedDoor> {
  /** Attaches to the living engine, or starts one. `onGone` is called at most once per door. */
  open(onGone: () => void): Promise<Door>;
  /** Told of every death and failed start; the supervisor goes on by itself. */
  onTrouble(trouble: {
    readonly kind: 'gone' | 'failed';
    readonly retryInMs: number;
    readonly error?: FalajError;
  }): void;
  /** Milliseconds that only go forward. */
  readonly clock: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Waits before the next start, by how many starts went wrong within the last minute. */
export const BACK_OFF_MS = [0, 250, 1_000, 4_000, 15_000, 30_000] as const;
const COUNTED_FOR_MS = 60_000;
/** Callers wait through a restart this short; through a longer one they get the reason instead. */
const PATIENCE_MS = 2_000;

/**
 * Keeps one engine alive behind the window: starts it, starts it again when it dies, and slows down when it keeps dying, so
 * that a broken installation does not burn the machine.
 */
export class EngineSupervisor<Door extends SupervisedDoor> {
  readonly #options: EngineSupervisorOptions<Door>;
  readonly #stop = new AbortController();
  #current: Promise<Door> | null = null;
  #troubles: number[] = [];
  #lastError: FalajError | null = null;
  #waitingUntil = 0;

  constructor(options: EngineSupervisorOptions<Door>) {
    this.#options = options;
  }

  /** The engine to talk to. Waits through a start or a quick restart; rejects with the reason when the engine keeps failing. */
  door(): Promise<Door> {
    if (this.#waitingUntil - this.#options.clock() > PATIENCE_MS && this.#lastError !== null) {
      return Promise.reject(this.#lastError);
    }
    return this.#current ?? this.#start(0);
  }

  /** Lets the engine go; it ends by itself once nothing uses it. */
  close(): void {
    this.#stop.abort();
    this.#current?.then(
      (door) => door.close(),
      () => undefined, // never started: nothing to let go
    );
  }

  #start(delayMs: number): Promise<Door> {
    this.#waitingUntil = this.#options.clock() + delayMs;
    const attempt = this.#open(delayMs);
    this.#current = attempt;
    attempt.catch((error: unknown) => this.#failed(attempt, toFalajError(error)));
    return attempt;
  }

  async #open(delayMs: number): Promise<Door> {
    if (delayMs > 0) await this.#options.sleep(delayMs, this.#stop.signal);
    const door = await this.#options.open(() => this.#gone());
    if (this.#stop.signal.aborted) door.close();
    return door;
  }

  #failed(attempt: Promise<Door>, error: FalajError): void {
    if (this.#stop.signal.aborted || this.#current !== attempt) return;
    this.#lastError = error;
    const retryInMs = Math.max(BACK_OFF_MS[1], this.#countTrouble());
    this.#options.onTrouble({ kind: 'failed', retryInMs, error });
    void this.#start(retryInMs);
  }

  #gone(): void {
    if (this.#stop.signal.aborted) return;
    const retryInMs = this.#countTrouble();
    this.#lastError = new FalajError(
      'ENGINE_GONE',
      'The engine ended unexpectedly and is being started again.',
      {
        hint: 'Open the workspace’s run/engine.log to see why if it happens again.',
      },
    );
    this.#options.onTrouble({ kind: 'gone', retryInMs });
    void this.#start(retryInMs);
  }

  #countTrouble(): number {
    const now = this.#options.clock();
    this.#troubles = [...this.#troubles.filter((at) => now - at < COUNTED_FOR_MS), now];
    return BACK_OFF_MS[Math.min(this.#troubles.length, BACK_OFF_MS.length) - 1]!;
  }
}
