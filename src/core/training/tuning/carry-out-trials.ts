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

const SHOWN_DIGITS = 4;
/** Of a trial: before that what is left would only be noise. */
const LEAST_DONE = 0.5;

/** What the trials take still, and the model after them about as long as one; null where too little is done to say. */
function remainingMs({
  done,
  left,
  elapsedMs,
  mostMs,
}: {
  /** In this attempt, of one for each trial. */
  readonly done: number;
  readonly left: number;
  readonly elapsedMs: number;
  /** Until no further trial begins. */
  readonly mostMs: number;
}): number | null {
  if (done < LEAST_DONE) return null;
  const oneMs = elapsedMs / done;
  return Math.round(Math.min(oneMs * left, Math.max(0, mostMs)) + oneMs);
}

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
  const { learner } = definition;
  if (learner.kind === 'mlp' && learner.device !== 'cpu')
    context.log(
      'info',
      'Trials learn on the CPU; the model that is kept learns on the device that suits it.',
    );
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
  let best: string | null = null;
  const [from, to] = request.range;
  const beganAt = clock();
  const tellProgress = (): void => {
    const share = ended + [...underWay.values()].reduce((sum, one) => sum + one, 0);
    const now = clock();
    context.progress({
      step: 'fit',
      detail: [`${ended} / ${tune.trials}`, ...(best === null ? [] : [best])].join(' · '),
      fraction: from + ((to - from) * share) / tune.trials,
      remainingMs: remainingMs({
        done: share - size,
        left: tune.trials - share,
        elapsedMs: now - beganAt,
        mostMs: timeIsUpAt - now,
      }),
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
      const least = Math.min(...measured);
      const figure = figureOf(goals[0], least);
      parent.logMetric(bestMetric(goals[0]), place + 1, figure);
      best = `${goals[0].metric} ${figure.toPrecision(SHOWN_DIGITS)}`;
      if (last.losses[0] === least && !earlier.ended.has(place))
        context.log('info', `Trial ${place + 1} is the best so far: ${best}.`);
    },
  });
}

/** Of the search: the best of its first objective so far. */
const bestMetric = ({ metric }: TuningGoal): string => prefixedName('best', figureMetric(metric));
