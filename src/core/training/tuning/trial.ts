import type { Observation, Point, Reports } from '../../../numerics/tuning/index.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { TuningGoal } from '../../../shared/tuning-goal.ts';

/** A trial that has ended. */
export interface Trial {
  readonly point: Point;
  /** Smaller is better; NaN for one that was given up or could not be measured. */
  readonly loss: number;
  /** Of its figure over the folds; null without folds. */
  readonly deviation: number | null;
  readonly reports: Reports;
  readonly pruned: boolean;
}

/** Of one that was given up its place is known to be bad, though not how bad. */
export const observed = ({ point, loss }: Trial): Observation => ({ point, loss });

export const lossOf = ({ isGreaterBetter }: TuningGoal, value: number | undefined): number =>
  value === undefined ? Number.NaN : isGreaterBetter ? -value : value;

export const figureOf = ({ isGreaterBetter }: TuningGoal, loss: number): number =>
  isGreaterBetter ? -loss : loss;

/** @throws FalajError LABEL_UNUSABLE where none could be measured. */
export function bestOf(trials: readonly Trial[]): Trial {
  const measured = trials.filter(({ loss }) => !Number.isNaN(loss));
  if (measured.length === 0) {
    throw new FalajError('LABEL_UNUSABLE', 'No trial could be measured on the validation part.', {
      hint: 'Its rows may all have the same label: make the part larger (split.validation), or split at random.',
    });
  }
  return measured.reduce((best, one) => (one.loss < best.loss ? one : best));
}
