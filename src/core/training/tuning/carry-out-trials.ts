import type { Point } from '../../../numerics/tuning/index.ts';
import type { Goals } from '../../../shared/definitions/objectives.ts';
import { figureMetric, isCost, prefixedName, type TuningGoal } from '../../../shared/tuning-goal.ts';
import { parseDuration } from '../../../shared/units.ts';
import type { RunHandle } from '../../tracking/index.ts';
import { earlierTrials } from './earlier-trials.ts';
import { nextPoint } from './next-point.ts';
import { runTrial } from './run-trial.ts';
import { searchKey } from './search-key.ts';
import { figureOf, type Trial } from './trial.ts';
import { inWindow } from './trial-window.ts';
import type { TuneRequest } from './tune-request.ts';

/** All trials of a search, in order. */
export async function carryOutTrials(
  request: TuneRequest,
  parent: RunHandle,
  goals: Goals,
): Promise<Trial[]> {
  const { definition, context, learn, clock } = request;
  const { tune, seed } = definition;
  const earlier = earlierTrials(request, parent, goals);
  const { size } = earlier.ended;
  if (size > 0) context.log('info', `Goes on after ${size} trials of an earlier attempt.`);
  const sideBySide = Math.min(tune.parallel, tune.trials, learn.threads);
  const threads = Math.floor(learn.threads / sideBySide);
  const timeIsUpAt =
    tune.timeLimit === undefined ? Number.POSITIVE_INFINITY : clock() + parseDuration(tune.timeLimit) / 1000;
  // One that fails takes those beside it down.
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const costs = goals.map(({ metric }) => metric).filter(isCost);
  const key = searchKey(request);
  const points: Point[] = [];
  const underWay = new Map<number, number>();
  let ended = 0;
  const [from, to] = request.range;
  const tellProgress = (): void => {
    const share = ended + [...underWay.values()].reduce((sum, one) => sum + one, 0);
    context.progress({
      step: 'fit',
      detail: `${ended} / ${tune.trials}`,
      fraction: from + ((to - from) * share) / tune.trials,
    });
  };
  return inWindow<Trial>({
    count: tune.trials,
    lag: tune.parallel,
    most: sideBySide,
    mayBegin: (place) => {
      context.signal.throwIfAborted();
      return place === 0 || clock() < timeIsUpAt;
    },
    begin: async (place, before) => {
      const adopted = earlier.ended.get(place);
      const point =
        adopted?.point ?? nextPoint(tune, seed, { before, underWay: points.slice(before.length) });
      points[place] = point;
      const earlierFolds = adopted === undefined ? earlier.foldsOf(place, point) : [];
      if (earlierFolds.length > 0)
        context.log(
          'info',
          `Trial ${place + 1} has ${earlierFolds.length} of ${request.folds.length} folds from an earlier attempt.`,
        );
      try {
        underWay.set(place, 0);
        const onProgress = (share: number): void => {
          underWay.set(place, share);
          tellProgress();
        };
        const trial =
          adopted ??
          (await runTrial(request, {
            place,
            point,
            before,
            earlierFolds,
            parent,
            key,
            goals,
            costs,
            threads,
            signal,
            onProgress,
          }));
        ended++;
        return trial;
      } catch (error) {
        failed.abort();
        throw error;
      } finally {
        underWay.delete(place);
        tellProgress();
      }
    },
    onResult: (place, trials) => {
      const [last] = trials.slice(-1);
      if (last === undefined || Number.isNaN(last.losses[0])) return;
      const measured = trials.map(({ losses }) => losses[0]!).filter((loss) => !Number.isNaN(loss));
      parent.logMetric(bestMetric(goals[0]), place + 1, figureOf(goals[0], Math.min(...measured)));
    },
  });
}

/** Of the search: the best of its first objective so far. */
const bestMetric = ({ metric }: TuningGoal): string => prefixedName('best', figureMetric(metric));
