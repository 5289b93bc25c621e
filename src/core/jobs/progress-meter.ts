import type { JobProgress } from '../../shared/contract/types.ts';
import type { ProgressUpdate } from './job-kind.ts';

const START: JobProgress = {
  fraction: null,
  step: 'start',
  detail: '',
  ratePerSecond: null,
  unit: null,
  remainingMs: null,
};

/** Turns a job's updates into progress with rate and time left. A new step starts a new measurement. */
export class ProgressMeter {
  #current: JobProgress = START;
  #stepStartedAt: number;
  readonly #startedAt: number;
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
    this.#startedAt = clock();
    this.#stepStartedAt = this.#startedAt;
  }

  get current(): JobProgress {
    return this.#current;
  }

  update(update: ProgressUpdate): JobProgress {
    const now = this.#clock();
    const step = update.step ?? this.#current.step;
    if (step !== this.#current.step) this.#stepStartedAt = now;
    const fraction = update.fraction === undefined ? this.#current.fraction : clamp(update.fraction);
    const seconds = (now - this.#stepStartedAt) / 1000;
    this.#current = {
      fraction,
      step,
      detail: update.detail ?? (step === this.#current.step ? this.#current.detail : ''),
      unit: update.unit ?? (step === this.#current.step ? this.#current.unit : null),
      ratePerSecond: update.done === undefined || seconds < 0.2 ? null : update.done / seconds,
      remainingMs:
        update.remainingMs === undefined ? remaining(fraction, now - this.#startedAt) : update.remainingMs,
    };
    return this.#current;
  }
}

const clamp = (fraction: number | null): number | null =>
  fraction === null || !Number.isFinite(fraction) ? null : Math.min(1, Math.max(0, fraction));

/** From the share done so far; nothing is said before 2 % or half a second, where it would only be noise. */
function remaining(fraction: number | null, elapsedMs: number): number | null {
  if (fraction === null || fraction < 0.02 || elapsedMs < 500) return null;
  return Math.round((elapsedMs * (1 - fraction)) / fraction);
}
