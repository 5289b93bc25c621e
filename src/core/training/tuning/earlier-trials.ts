import { isDeepStrictEqual } from 'node:util';
import type { Point } from '../../../numerics/tuning/index.ts';
import type { Run } from '../../../shared/contract/types.ts';
import type { Goals } from '../../../shared/definitions/objectives.ts';
import { FOLDS_TAG, PARENT_TAG, PRUNED_TAG, SEARCH_KEY_TAG, TRIAL_TAG } from '../../../shared/run-search.ts';
import { figureMetric } from '../../../shared/tuning-goal.ts';
import type { RunHandle } from '../../tracking/index.ts';
import type { TrialFigures } from '../worker-messages.ts';
import { deviationOf, foldReports, readFolds } from './fold-figures.ts';
import { searchKey } from './search-key.ts';
import { pointOf } from './search-space.ts';
import { lossOf, type Trial } from './trial.ts';
import type { TuneRequest } from './tune-request.ts';

const MOST_RUNS = 20_000;
const MOST_POINTS = 10_000;

export interface EarlierTrials {
  /** Those that ended, by their place. */
  readonly ended: ReadonlyMap<number, Trial>;
  /** The folds of a trial that was cut off, if it tried the same point. */
  foldsOf(place: number, point: Point): readonly TrialFigures[];
}

/** The trials of an earlier attempt of this job; those that ended come to lie under this one's parent. */
export function earlierTrials(request: TuneRequest, parent: RunHandle, goals: Goals): EarlierTrials {
  const { tracking, definition } = request;
  const [goal] = goals;
  const ended = new Map<number, Trial>();
  const begun = new Map<number, { readonly point: Point; readonly folds: readonly TrialFigures[] }>();
  for (const run of runsOfSearch(request)) {
    const place = Number(run.tags[TRIAL_TAG]) - 1;
    const pruned = run.tags[PRUNED_TAG] === 'true';
    const point = pointOf(definition.tune.space, run.params);
    const folds = readFolds(run.tags[FOLDS_TAG]);
    if (point === null || ended.has(place)) continue;
    if (run.status !== 'finished' && !pruned) {
      // What was under way when the attempt ended is tried again, but for the folds that it had behind it.
      if (folds.length > (begun.get(place)?.folds.length ?? 0)) begun.set(place, { point, folds });
      continue;
    }
    tracking.clients.logBatch(run.id, { tags: { [PARENT_TAG]: parent.id } });
    const reports = request.folds.length > 0 ? foldReports({ goal, folds }) : lossesOf(request, run);
    ended.set(place, {
      point,
      reports,
      pruned,
      losses: goals.map((one) => (pruned ? Number.NaN : lossOf(one, run.metrics[figureMetric(one.metric)]))),
      deviation: pruned ? null : deviationOf(folds, goal.metric),
    });
  }
  return {
    ended,
    foldsOf: (place, point) => {
      const found = begun.get(place);
      return found !== undefined && isDeepStrictEqual(found.point, point) ? found.folds : [];
    },
  };
}

/** A search that was changed since begins anew: what was judged in another way says nothing. */
function runsOfSearch(request: TuneRequest): readonly Run[] {
  const { definition, tracking, context } = request;
  const key = searchKey(request);
  return tracking
    .list({ experiment: definition.experiment ?? definition.name, limit: MOST_RUNS })
    .filter(({ tags }) => tags['job'] === context.id && tags[SEARCH_KEY_TAG] === key);
}

const lossesOf = ({ tracking }: TuneRequest, { id }: Run): Trial['reports'] =>
  tracking
    .history({ id, metric: 'validationLoss', points: MOST_POINTS })
    .map(({ step, value: loss }) => ({ step, loss }));
