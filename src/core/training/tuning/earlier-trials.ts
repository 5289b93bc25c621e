import { PARENT_TAG, PRUNED_TAG, SEARCH_TAG, TRIAL_TAG } from '../../../shared/run-search.ts';
import { type TuningGoal, validationMetric } from '../../../shared/tuning-goal.ts';
import type { RunHandle } from '../../tracking/index.ts';
import { pointOf } from './search-space.ts';
import { lossOf, type Trial } from './trial.ts';
import type { TuneRequest } from './tune-request.ts';

const MOST_RUNS = 20_000;
const MOST_POINTS = 10_000;

/** The trials of an earlier attempt of this job that ended, by their place; they come to lie under this one's parent. */
export function earlierTrials(
  { definition, tracking, context }: TuneRequest,
  parent: RunHandle,
  goal: TuningGoal,
): ReadonlyMap<number, Trial> {
  const { tune } = definition;
  const earlier = tracking
    .list({ experiment: definition.experiment ?? definition.name, limit: MOST_RUNS })
    .filter(
      ({ tags, params }) =>
        tags['job'] === context.id &&
        tags[TRIAL_TAG] !== undefined &&
        tags[SEARCH_TAG] === undefined &&
        params['learner'] === definition.learner.kind,
    );
  const trials = new Map<number, Trial>();
  for (const run of earlier) {
    const place = Number(run.tags[TRIAL_TAG]) - 1;
    const pruned = run.tags[PRUNED_TAG] === 'true';
    const point = pointOf(tune.space, run.params);
    // What was under way when the attempt ended is tried again.
    if (point === null || (run.status !== 'finished' && !pruned) || trials.has(place)) continue;
    tracking.clients.logBatch(run.id, { tags: { [PARENT_TAG]: parent.id } });
    const value = run.metrics[validationMetric(goal.metric)];
    const reports = tracking
      .history({ id: run.id, metric: 'validationLoss', points: MOST_POINTS })
      .map(({ step, value: loss }) => ({ step, loss }));
    trials.set(place, { point, reports, pruned, loss: pruned ? Number.NaN : lossOf(goal, value) });
  }
  return trials;
}
