import {
  bestBy,
  halvingPruner,
  latestBy,
  medianPruner,
  neverPrune,
  type Pruner,
} from '../../../numerics/tuning/index.ts';
import type { Goals } from '../../../shared/definitions/objectives.ts';
import { withSettings } from '../../../shared/definitions/training.ts';
import { prunerKind, type Tune } from '../../../shared/definitions/tuning.ts';
import { isFalajError } from '../../../shared/errors.ts';
import { PARENT_TAG, SEARCH_KEY_TAG, TRIAL_TAG } from '../../../shared/run-search.ts';
import { deviationMetric, figureMetric } from '../../../shared/tuning-goal.ts';
import { prefixed } from '../evaluate.ts';
import { deviceTags } from '../learning-device.ts';
import { endRun, finishRun, pruneRun } from '../run-end.ts';
import { deviationOf } from './fold-figures.ts';
import { type Judged, judgeByFolds, judgeOnce } from './judge-trial.ts';
import { type Setting, settingsAt } from './search-space.ts';
import { figureNamed, lossOf, type Trial } from './trial.ts';
import type { TrialAsked } from './trial-asked.ts';
import { millisecondsLeft, type TuneRequest } from './tune-request.ts';

/** Iterations before a trial is judged. */
const WARMUP_STEPS = 5;
/** The same of folds: already the first tells how a trial does beside the others, on the very same rows. */
const WARMUP_FOLDS = 1;
/** From one rung of halving to the next. */
const REDUCTION = 3;

/** One trial as a run under the search's. */
export async function runTrial(request: TuneRequest, asked: TrialAsked): Promise<Trial> {
  const { definition, folds, tracking, context } = request;
  const { place, point, parent, device, goals, signal } = asked;
  const settings = settingsAt(definition.tune.space, point);
  const run = tracking.startRun({
    experiment: definition.experiment ?? definition.name,
    name: `${definition.name} #${place + 1}`,
    params: { learner: definition.learner.kind, ...textsOf(settings) },
    tags: {
      training: definition.name,
      job: context.id,
      [PARENT_TAG]: parent.id,
      [TRIAL_TAG]: String(place + 1),
      [SEARCH_KEY_TAG]: asked.key,
      ...(device === null ? {} : deviceTags(device)),
    },
  });
  const pruner = prunerOf(definition.tune);
  const reports: { step: number; loss: number }[] = [];
  const others = asked.before.map((trial) => trial.reports);
  const giveUp = new AbortController();
  const tooLate = setTimeout(() => giveUp.abort(), millisecondsLeft(request));
  try {
    const judge = folds.length === 0 ? judgeOnce : judgeByFolds;
    const judged = await judge(request, asked, {
      learner: withSettings(definition.learner, settings),
      run,
      signal: AbortSignal.any([signal, giveUp.signal]),
      report: (step, loss) => {
        reports.push({ step, loss });
        // After the last fold nothing is left to give up.
        if (step !== folds.length && pruner(reports, others)) giveUp.abort();
      },
    });
    const { metrics, costs } = judged;
    await finishRun(context, run, {
      metrics: { ...prefixed('validation', metrics), ...costs, ...deviationsOf(judged, goals) },
    });
    return {
      point,
      reports,
      pruned: false,
      failure: null,
      losses: goals.map((goal) => lossOf(goal, figureNamed(judged, goal.metric))),
      deviation: deviationOf(judged.folds, goals[0].metric),
    };
  } catch (error) {
    const unmeasured = { point, reports, losses: goals.map(() => Number.NaN), deviation: null };
    if (giveUp.signal.aborted && !signal.aborted) {
      await pruneRun(context, run);
      return { ...unmeasured, pruned: true, failure: null };
    }
    await endRun(context, run, error);
    // Settings that take less may fit.
    if (!isFalajError(error) || error.code !== 'OUT_OF_MEMORY') throw error;
    context.log('warn', `Trial ${place + 1} failed, and the search goes on: ${error.message}`);
    return { ...unmeasured, pruned: false, failure: error };
  } finally {
    clearTimeout(tooLate);
  }
}

/** Losses of iterations go up and down; the mean over folds only becomes surer. */
function prunerOf(tune: Tune): Pruner {
  const kind = prunerKind(tune);
  if (kind === 'none') return neverPrune;
  const [warmup, valueBy] = tune.folds === undefined ? [WARMUP_STEPS, bestBy] : [WARMUP_FOLDS, latestBy];
  return kind === 'asha' ? halvingPruner(warmup, REDUCTION, valueBy) : medianPruner(warmup, valueBy);
}

const deviationsOf = ({ folds }: Judged, goals: Goals): Record<string, number> =>
  Object.fromEntries(
    goals.flatMap(({ metric }): [string, number][] => {
      const deviation = deviationOf(folds, metric);
      return deviation === null ? [] : [[deviationMetric(figureMetric(metric)), deviation]];
    }),
  );

const textsOf = (settings: Readonly<Record<string, Setting>>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
