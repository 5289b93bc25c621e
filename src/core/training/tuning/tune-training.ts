import type { Point } from '../../../numerics/tuning/index.ts';
import { type Goals, goalsOf } from '../../../shared/definitions/objectives.ts';
import type { Learner, TrainResult } from '../../../shared/definitions/training.ts';
import { prunerKind } from '../../../shared/definitions/tuning.ts';
import { KEPT_TAG, SEARCH_TAG } from '../../../shared/run-search.ts';
import { figureMetric, isCost, prefixedName, type TuningGoal } from '../../../shared/tuning-goal.ts';
import { parseDuration } from '../../../shared/units.ts';
import type { RunHandle } from '../../tracking/index.ts';
import { endRun } from '../run-end.ts';
import { earlierTrials } from './earlier-trials.ts';
import { keptTrial } from './kept-trial.ts';
import { nextPoint } from './next-point.ts';
import { runTrial } from './run-trial.ts';
import { searchKey } from './search-key.ts';
import { settingsAt } from './search-space.ts';
import { figureOf, type Trial } from './trial.ts';
import { inWindow } from './trial-window.ts';
import type { TuneRequest } from './tune-request.ts';

export interface Tuned {
  readonly learner: Learner;
  /** The run that the trials lie under. The caller finishes it. */
  readonly parent: RunHandle;
  readonly found: NonNullable<TrainResult['tuning']>;
}

/**
 * Searches the learner's settings, several trials side by side as long as there are processors for them. Trials are runs under
 * one parent; those of an earlier attempt of the same job count, and the search goes on with the settings that would have come next.
 */
export async function tuneTraining(request: TuneRequest): Promise<Tuned> {
  const { definition, tracking, context } = request;
  const { tune } = definition;
  const goals = goalsOf(tune, definition.task, definition.learner.kind);
  const [goal] = goals;
  const parent = tracking.startRun({
    experiment: definition.experiment ?? definition.name,
    name: `${definition.name} (search)`,
    params: {
      learner: definition.learner.kind,
      sampler: tune.sampler,
      pruner: prunerKind(tune),
      trials: String(tune.trials),
      parallel: String(tune.parallel),
      metric: goal.metric,
      ...(goals.length === 1 ? {} : { objectives: goals.map(({ metric }) => metric).join(',') }),
      ...(tune.folds === undefined ? {} : { folds: String(tune.folds) }),
    },
    tags: {
      training: definition.name,
      job: context.id,
      [SEARCH_TAG]: JSON.stringify(tune.space),
      ...request.tags,
    },
  });
  try {
    const trials = await carryOut(request, parent, goals);
    const { place, front } = keptTrial(trials, goals, tune.choose);
    const best = trials[place]!;
    parent.setTags({ [KEPT_TAG]: String(place + 1) });
    const settings = settingsAt(tune.space, best.point);
    return {
      learner: { ...definition.learner, ...settings } as Learner,
      parent,
      found: {
        run: parent.id,
        trials: trials.length,
        pruned: trials.filter(({ pruned }) => pruned).length,
        best: settings,
        metric: goal.metric,
        value: figureOf(goal, best.losses[0]!),
        ...(goals.length === 1
          ? {}
          : {
              objectives: goals.map((one, at) => ({
                metric: one.metric,
                value: figureOf(one, best.losses[at]!),
              })),
              front: front.length,
            }),
        ...(best.deviation === null ? {} : { deviation: best.deviation }),
      },
    };
  } catch (error) {
    await endRun(context, parent, error);
    throw error;
  }
}

/** All trials of a search, in order. */
async function carryOut(request: TuneRequest, parent: RunHandle, goals: Goals): Promise<Trial[]> {
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
