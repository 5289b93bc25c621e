import type { Point } from '../../../numerics/tuning/index.ts';
import { figureMetric, isCost, prefixedName, type TuningGoal } from '../../../shared/tuning-goal.ts';
import { parseDuration } from '../../../shared/units.ts';
import type { RunHandle } from '../../tracking/index.ts';
import { adapterOf } from '../learning-device.ts';
import type { EarlierTrials } from './earlier-trials.ts';
import { nextPoint } from './next-point.ts';
import { runTrial } from './run-trial.ts';
import { searchKey } from './search-key.ts';
import { SearchProgress } from './search-progress.ts';
import { figureOf, type Trial } from './trial.ts';
import type { TrialAsked } from './trial-asked.ts';
import { inWindow, type TrialWindow } from './trial-window.ts';
import type { TuneRequest } from './tune-request.ts';

const SHOWN_DIGITS = 4;

/** All trials of a search, in order. */
export async function carryOutTrials(
  request: TuneRequest,
  {
    parent,
    goals,
    earlier,
    device,
  }: Pick<TrialAsked, 'parent' | 'goals' | 'device'> & { readonly earlier: EarlierTrials },
): Promise<Trial[]> {
  const { definition, context, learn, clock } = request;
  const { tune, seed } = definition;
  const { size } = earlier.ended;
  if (size > 0) context.log('info', `Goes on after ${size} trials of an earlier attempt.`);
  // A GPU has memory and time for one network.
  const most = adapterOf(device) === undefined ? learn.threads : 1;
  const sideBySide = Math.min(tune.parallel, tune.trials, most);
  const timeIsUpAt =
    tune.timeLimit === undefined ? Number.POSITIVE_INFINITY : clock() + parseDuration(tune.timeLimit) / 1000;
  const progress = new SearchProgress({
    context,
    clock,
    range: request.range,
    trials: tune.trials,
    adopted: size,
    timeIsUpAt,
  });
  // One that fails takes those beside it down.
  const failed = new AbortController();
  const ofAll = {
    parent,
    goals,
    device,
    key: searchKey(request),
    costs: goals.map(({ metric }) => metric).filter(isCost),
    threads: Math.floor(learn.threads / sideBySide),
    signal: AbortSignal.any([context.signal, failed.signal]),
  };
  const points: Point[] = [];
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
      const onProgress = (share: number): void => progress.advance(place, share);
      progress.begin(place);
      try {
        const trial =
          adopted ?? (await runTrial(request, { ...ofAll, place, point, before, earlierFolds, onProgress }));
        progress.end(place);
        return trial;
      } catch (error) {
        progress.giveUp(place);
        failed.abort();
        throw error;
      }
    },
    onResult: bestTeller(request, parent, goals[0], { earlier, progress }),
  });
}

/** Keeps the best of the first objective so far as a curve of the search, and tells of each trial that is it. */
function bestTeller(
  { context }: TuneRequest,
  parent: RunHandle,
  goal: TuningGoal,
  { earlier, progress }: { readonly earlier: EarlierTrials; readonly progress: SearchProgress },
): TrialWindow<Trial>['onResult'] {
  let least = Number.POSITIVE_INFINITY;
  return (place, trials) => {
    const loss = trials[place]!.losses[0]!;
    if (Number.isNaN(loss)) return;
    least = Math.min(least, loss);
    const figure = figureOf(goal, least);
    parent.logMetric(bestMetric(goal), place + 1, figure);
    progress.best = `${goal.metric} ${figure.toPrecision(SHOWN_DIGITS)}`;
    if (loss === least && !earlier.ended.has(place))
      context.log('info', `Trial ${place + 1} is the best so far: ${progress.best}.`);
  };
}

/** Of the search: the best of its first objective so far. */
const bestMetric = ({ metric }: TuningGoal): string => prefixedName('best', figureMetric(metric));
