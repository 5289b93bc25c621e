import type { Losses, Point, Reports } from '../../../numerics/tuning/index.ts';
import type { FalajError } from '../../../shared/errors.ts';
import type { TuningGoal } from '../../../shared/tuning-goal.ts';
import type { TrialFigures } from '../worker-messages.ts';

/** A trial that has ended. */
export interface Trial {
  readonly point: Point;
  /** One for each goal, smaller is better; NaN for one that was given up or could not be measured. */
  readonly losses: Losses;
  /** Of the first goal's figure over the folds; null without folds. */
  readonly deviation: number | null;
  readonly reports: Reports;
  readonly pruned: boolean;
  /** Why it has no result, where it did not fit into memory. */
  readonly failure: FalajError | null;
}

/** A figure by the name of a metric or of a cost. */
export const figureNamed = ({ metrics, costs }: TrialFigures, name: string): number | undefined =>
  metrics[name] ?? costs[name];

/** A figure turned so that smaller is better; NaN where there is none. */
export const lossOf = ({ isGreaterBetter }: TuningGoal, value: number | undefined): number =>
  value === undefined ? Number.NaN : isGreaterBetter ? -value : value;

/** The figure that a loss was made of. */
export const figureOf = ({ isGreaterBetter }: TuningGoal, loss: number): number =>
  isGreaterBetter ? -loss : loss;
