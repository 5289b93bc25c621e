import { type Losses, paretoPlaces } from '../../../numerics/tuning/index.ts';
import type { TuningChoice } from '../../../shared/definitions/objectives.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { TuningGoal } from '../../../shared/tuning-goal.ts';
import type { Trial } from './trial.ts';

export interface KeptTrial {
  readonly place: number;
  /** Places of the trials that no other beats in all goals. */
  readonly front: readonly number[];
}

/**
 * The trial whose settings the model is learned with: of those that no other beats in all goals the best of the first, unless
 * another choice is asked for. Of equals the earliest.
 *
 * @throws FalajError TIMED_OUT where none ended, the failure of the first where they failed, LABEL_UNUSABLE where none could be
 *   measured.
 */
export function keptTrial(
  trials: readonly Pick<Trial, 'losses' | 'pruned' | 'failure'>[],
  goals: readonly TuningGoal[],
  choose: TuningChoice | undefined,
): KeptTrial {
  if (trials.every(({ pruned }) => pruned))
    throw new FalajError('TIMED_OUT', 'No trial ended within the time of the search.', {
      hint: 'Give it more time (tune.timeLimit), or make a trial shorter.',
    });
  const losses = trials.map((trial) => trial.losses);
  const front = paretoPlaces(losses);
  if (front.length === 0) {
    for (const { failure } of trials) if (failure !== null) throw failure;
    throw new FalajError('LABEL_UNUSABLE', 'No trial could be measured on the validation part.', {
      hint: 'Its rows may all have the same label: make the part larger (split.validation), or split at random.',
    });
  }
  const least = (places: readonly number[], lossOf: (place: number) => number): number =>
    places.reduce((best, place) => (lossOf(place) < lossOf(best) ? place : best));
  const lossIn = (goal: number) => (place: number) => losses[place]![goal]!;
  if (choose === undefined) return { place: least(front, lossIn(0)), front };
  if (choose === 'knee') return { place: least(front, kneeDistance(front, losses)), front };
  const most = lossIn(0)(least(front, lossIn(0))) + (choose.within ?? Number.POSITIVE_INFINITY);
  const near = front.filter((place) => lossIn(0)(place) <= most);
  return { place: least(near, lossIn(goals.findIndex(({ metric }) => metric === choose.metric))), front };
}

/** How far a place is from the best of all goals at once, each from 0, the best of the front, to 1, the worst. */
function kneeDistance(front: readonly number[], losses: readonly Losses[]): (place: number) => number {
  const ranges = losses[front[0]!]!.map((_loss, goal) => {
    const own = front.map((place) => losses[place]![goal]!);
    return { low: Math.min(...own), high: Math.max(...own) };
  });
  return (place) =>
    Math.hypot(
      ...ranges.map(({ low, high }, goal) => (high > low ? (losses[place]![goal]! - low) / (high - low) : 0)),
    );
}
