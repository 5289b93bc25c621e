import type { JobContext } from '../../jobs/index.ts';

/** Of a trial: before that what is left would only be noise. */
const LEAST_DONE = 0.5;

export interface SearchProgressOptions {
  readonly context: Pick<JobContext, 'progress'>;
  readonly clock: () => number;
  /** Of the job's progress, what the search takes. */
  readonly range: readonly [number, number];
  readonly trials: number;
  /** How many of these an earlier attempt has behind it. */
  readonly adopted: number;
  /** When no further trial begins, in milliseconds since the epoch; infinite without a limit. */
  readonly timeIsUpAt: number;
}

/** How far a search is, out of its trials that have ended and those that are under way. */
export class SearchProgress {
  readonly #options: SearchProgressOptions;
  readonly #beganAt: number;
  /** How far each trial is that is under way, of one. */
  readonly #underWay = new Map<number, number>();
  #ended = 0;
  /** The best figure so far, in words. */
  best: string | null = null;

  constructor(options: SearchProgressOptions) {
    this.#options = options;
    this.#beganAt = options.clock();
  }

  begin(place: number): void {
    this.#underWay.set(place, 0);
  }

  advance(place: number, share: number): void {
    this.#underWay.set(place, share);
    this.#tell();
  }

  end(place: number): void {
    this.#underWay.delete(place);
    this.#ended++;
    this.#tell();
  }

  /** It ended without a result. */
  giveUp(place: number): void {
    this.#underWay.delete(place);
    this.#tell();
  }

  #tell(): void {
    const { context, range, trials } = this.#options;
    const [from, to] = range;
    const share = this.#ended + [...this.#underWay.values()].reduce((sum, one) => sum + one, 0);
    context.progress({
      step: 'fit',
      detail: [`${this.#ended} / ${trials}`, ...(this.best === null ? [] : [this.best])].join(' · '),
      fraction: from + ((to - from) * share) / trials,
      remainingMs: this.#remainingMs(share),
    });
  }

  /** What the trials take still, and the model after them about as long as one; null where too little is done to say. */
  #remainingMs(share: number): number | null {
    const { clock, trials, adopted, timeIsUpAt } = this.#options;
    const done = share - adopted;
    if (done < LEAST_DONE) return null;
    const now = clock();
    const oneMs = (now - this.#beganAt) / done;
    return Math.round(Math.min(oneMs * (trials - share), Math.max(0, timeIsUpAt - now)) + oneMs);
  }
}
