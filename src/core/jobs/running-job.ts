import type { JobProgress } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import type { Claim } from './free-slots.ts';
import type { JobLane, Suspension } from './job-kind.ts';
import { TimeLimit } from './time-limit.ts';

/** Why a job that runs is to stop. */
export type StopReason = 'cancelled' | 'paused' | 'time limit' | 'engine';

/** A job that is being carried out: how it is halted, and why it was stopped. */
export class RunningJob {
  readonly lane: JobLane;
  readonly claim: Claim;
  readonly startedAt: number;
  /** How far it is; null before it has said so. It is kept only at its end. */
  progress: JobProgress | null = null;
  readonly #controller = new AbortController();
  readonly #engineEnds = new AbortController();
  readonly #clock: () => number;
  #limit: TimeLimit | null = null;
  /** Undefined as long as the work has not said whether it can be halted. */
  #suspension: Suspension | null | undefined;
  #suspended = false;
  #stopped: StopReason | null = null;

  constructor(options: { lane: JobLane; claim: Claim; clock: () => number }) {
    this.lane = options.lane;
    this.claim = options.claim;
    this.startedAt = options.clock();
    this.#clock = options.clock;
  }

  /** It is stopped when it takes longer than this, not counting pauses. */
  limit(limitMs: number | null): void {
    if (limitMs === null || this.#stopped !== null) return;
    this.#limit = new TimeLimit({ limitMs, clock: this.#clock, reached: () => this.stop('time limit') });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** When nothing can be waited for any more. */
  get engineEnds(): AbortSignal {
    return this.#engineEnds.signal;
  }

  /** Why it was stopped first; null while nobody has. */
  get stopped(): StopReason | null {
    return this.#stopped;
  }

  /** @param halts whether its kind can be halted once it has begun: what is asked for before holds from then on. */
  isSuspendable(halts: boolean): boolean {
    if (this.#stopped !== null) return false;
    return this.#suspension === undefined ? halts : this.#suspension !== null;
  }

  /** How this work is halted where it is; null once it cannot be any more. */
  set suspension(suspension: Suspension | null) {
    this.#suspension = suspension;
    if (this.#suspended) suspension?.pause();
  }

  suspend(): void {
    if (this.#suspended) return;
    this.#suspension?.pause();
    this.#limit?.pause();
    this.#suspended = true;
  }

  goOn(): void {
    if (!this.#suspended) return;
    this.#suspension?.resume();
    this.#limit?.resume();
    this.#suspended = false;
  }

  /** Asks it to end. What is halted hears nothing, so it goes on first. */
  stop(reason: StopReason): void {
    if (reason === 'engine') this.#engineEnds.abort();
    // What is being stopped to be paused may be cancelled still.
    if (this.#stopped !== null && this.#stopped !== 'paused') return;
    this.#stopped = reason;
    this.goOn();
    this.#limit?.stop();
    this.#controller.abort(new FalajError('CANCELLED', 'The work was stopped.'));
  }

  ended(): void {
    this.#limit?.stop();
  }
}
