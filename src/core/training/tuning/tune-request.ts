import type { TrainingDefinition } from '../../../shared/definitions/training.ts';
import type { Tune } from '../../../shared/definitions/tuning.ts';
import type { JobContext } from '../../jobs/index.ts';
import type { TrackingRoom } from '../../tracking/index.ts';
import type { Fitter } from '../fitter.ts';
import type { OutsideLearner } from '../outside/outside-learner.ts';
import type { LearnRequest } from '../worker-messages.ts';
import type { SearchInputs } from './search-inputs.ts';

export interface TuneRequest {
  readonly definition: TrainingDefinition & { readonly tune: Tune };
  /** With the definition's own settings; each trial changes what is searched. */
  readonly learn: LearnRequest;
  /** The same for each fold that trials are judged by; none where they are judged by the validation part. */
  readonly folds: readonly LearnRequest[];
  /** Carries out a learner that runs in a process of its own. */
  readonly outside?: OutsideLearner | undefined;
  /** Chooses the device that trials learn on, and has them learn there. */
  readonly fitter: Pick<Fitter, 'choose' | 'measure'>;
  /** What the rows and their features were made of. */
  readonly inputs: SearchInputs;
  readonly tracking: TrackingRoom;
  readonly context: JobContext;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Of the job's progress, what the search takes. */
  readonly range: readonly [number, number];
  /** Of the search's run, beside its own. */
  readonly tags?: Readonly<Record<string, string>>;
  /** When even the first trial is given up; never unless said. Milliseconds since the epoch. */
  readonly deadline?: number;
}

/** The longest that a timer takes; a search without a deadline is not held to one. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const millisecondsLeft = ({ deadline, clock }: TuneRequest): number =>
  deadline === undefined ? LONGEST_TIMER_MS : Math.min(LONGEST_TIMER_MS, Math.max(0, deadline - clock()));
