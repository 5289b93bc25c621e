import { isDeepStrictEqual } from 'node:util';
import type { Point } from '../../../numerics/tuning/index.ts';
import type { Run } from '../../../shared/contract/types.ts';
import type { Goals } from '../../../shared/definitions/objectives.ts';
import {
  FOLDS_TAG,
  INPUTS_TAG,
  PARENT_TAG,
  PRUNED_TAG,
  SEARCH_KEY_TAG,
  SEARCH_TAG,
  TRIAL_TAG,
} from '../../../shared/run-search.ts';
import { figureMetric } from '../../../shared/tuning-goal.ts';
import type { RunHandle } from '../../tracking/index.ts';
import { type DeviceRecord, deviceOf, onCpu } from '../learning-device.ts';
import type { TrialFigures } from '../worker-messages.ts';
import { deviationOf, foldReports, readFolds } from './fold-figures.ts';
import { inputChanges, readInputs } from './search-inputs.ts';
import { searchKey } from './search-key.ts';
import { pointOf } from './search-space.ts';
import { lossOf, type Trial } from './trial.ts';
import type { TuneRequest } from './tune-request.ts';

const MOST_RUNS = 20_000;
const MOST_POINTS = 10_000;

export interface EarlierTrials {
  /** Those that ended, by their place. */
  readonly ended: ReadonlyMap<number, Trial>;
  /** That they learned on; null where there are none, or their learner has no choice. */
  readonly device: DeviceRecord | null;
  /** The folds of a trial that was cut off, if it tried the same point. */
  foldsOf(place: number, point: Point): readonly TrialFigures[];
}

/** The trials of an earlier attempt of this job; those that ended come to lie under this one's parent. */
export function earlierTrials(request: TuneRequest, parent: RunHandle, goals: Goals): EarlierTrials {
  const { tracking, definition } = request;
  const [goal] = goals;
  const ended = new Map<number, Trial>();
  const begun = new Map<number, { readonly point: Point; readonly folds: readonly TrialFigures[] }>();
  const earlier = runsOfJob(request).filter(({ id }) => id !== parent.id);
  const key = searchKey(request);
  const trials = earlier.filter(({ tags }) => tags[SEARCH_KEY_TAG] === key);
  if (trials.length === 0) tellOfChange(request, earlier);
  for (const run of trials) {
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
      failure: null,
      losses: goals.map((one) => (pruned ? Number.NaN : lossOf(one, run.metrics[figureMetric(one.metric)]))),
      deviation: pruned ? null : deviationOf(folds, goal.metric),
    });
  }
  return {
    ended,
    device: deviceOfTrials(request, trials),
    foldsOf: (place, point) => {
      const found = begun.get(place);
      return found !== undefined && isDeepStrictEqual(found.point, point) ? found.folds : [];
    },
  };
}

/** Trials that say nothing of a device learned where there was no choice. */
function deviceOfTrials({ learn }: TuneRequest, [trial]: readonly Run[]): DeviceRecord | null {
  if (learn.learner.kind !== 'mlp' || trial === undefined) return null;
  return deviceOf(trial.tags) ?? onCpu('The trials of an earlier attempt learned there.');
}

const runsOfJob = ({ definition, tracking, context }: TuneRequest): readonly Run[] =>
  tracking.list({
    experiment: definition.experiment ?? definition.name,
    filter: `tags.job = '${context.id}'`,
    limit: MOST_RUNS,
  });

/** A search that was changed since begins anew, and says why: what was judged in another way, or on other data, says nothing. */
function tellOfChange({ definition, inputs, context }: TuneRequest, earlier: readonly Run[]): void {
  const isLearner = ({ params }: Run): boolean => params['learner'] === definition.learner.kind;
  const hadTrials = earlier.some((run) => run.tags[SEARCH_KEY_TAG] !== undefined && isLearner(run));
  const last = earlier.find((run) => run.tags[SEARCH_TAG] !== undefined && isLearner(run));
  if (!hadTrials || last === undefined) return;
  const before = readInputs(last.tags[INPUTS_TAG]);
  const changes = before === null ? [] : inputChanges(before, inputs);
  const why = changes.length === 0 ? 'its definition has changed' : changes.join(', and ');
  context.log('warn', `Begins anew: ${why}. The trials of the earlier attempt do not count.`);
}

const lossesOf = ({ tracking }: TuneRequest, { id }: Run): Trial['reports'] =>
  tracking
    .history({ id, metric: 'validationLoss', points: MOST_POINTS })
    .map(({ step, value: loss }) => ({ step, loss }));
