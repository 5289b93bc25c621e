import {
  halvingPruner,
  medianPruner,
  neverPrune,
  type Point,
  type Pruner,
} from '../../../numerics/tuning/index.ts';
import type { Learner } from '../../../shared/definitions/training.ts';
import type { Tune } from '../../../shared/definitions/tuning.ts';
import { FIT_SECONDS, PARENT_TAG, TRIAL_TAG } from '../../../shared/run-search.ts';
import type { TuningGoal } from '../../../shared/tuning-goal.ts';
import type { RunHandle } from '../../tracking/index.ts';
import { prefixed } from '../evaluate.ts';
import { endRun, finishRun, pruneRun } from '../run-end.ts';
import { measureInWorker } from '../run-worker.ts';
import { type Setting, settingsAt } from './search-space.ts';
import { lossOf, type Trial } from './trial.ts';
import type { TuneRequest } from './tune-request.ts';

export interface TrialAsked {
  readonly place: number;
  readonly point: Point;
  /** What it is judged against while it runs. */
  readonly before: readonly Trial[];
  readonly parent: RunHandle;
  readonly goal: TuningGoal;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** How far it has come, of one. */
  readonly onProgress: (share: number) => void;
}

/** Iterations before a trial is judged, and from one rung of halving to the next. */
const WARMUP_STEPS = 5;
const REDUCTION = 3;

/** One trial as a run under the search's. */
export async function runTrial(request: TuneRequest, asked: TrialAsked): Promise<Trial> {
  const { definition, learn, tracking, context } = request;
  const { place, point, parent, goal, threads, signal } = asked;
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
    },
  });
  const pruner = prunerOf(definition.tune);
  const reports: { step: number; loss: number }[] = [];
  const others = asked.before.map((trial) => trial.reports);
  const giveUp = new AbortController();
  const tooLate = setTimeout(() => giveUp.abort(), millisecondsUntil(request));
  try {
    const { metrics, fitMs } = await measureInWorker(
      { trial: { ...learn, threads, learner: { ...definition.learner, ...settings } as Learner } },
      (step, of, values) => {
        for (const [name, value] of Object.entries(values))
          if (Number.isFinite(value)) run.logMetric(name, step, value);
        const loss = values['validationLoss'];
        if (loss === undefined) return;
        reports.push({ step, loss });
        asked.onProgress(step / of);
        if (pruner(reports, others)) giveUp.abort();
      },
      AbortSignal.any([signal, giveUp.signal]),
    );
    await finishRun(context, run, {
      metrics: { ...prefixed('validation', metrics), [FIT_SECONDS]: fitMs / 1000 },
    });
    return { point, reports, pruned: false, loss: lossOf(goal, metrics[goal.metric]) };
  } catch (error) {
    if (giveUp.signal.aborted && !signal.aborted) {
      await pruneRun(context, run);
      return { point, reports, pruned: true, loss: Number.NaN };
    }
    await endRun(context, run, error);
    throw error;
  } finally {
    clearTimeout(tooLate);
  }
}

/** The longest that a timer takes; a search without a deadline is not held to one. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const millisecondsUntil = ({ deadline, clock }: TuneRequest): number =>
  deadline === undefined ? LONGEST_TIMER_MS : Math.min(LONGEST_TIMER_MS, Math.max(0, deadline - clock()));

function prunerOf({ pruner }: Tune): Pruner {
  if (pruner === 'none') return neverPrune;
  return pruner === 'asha' ? halvingPruner(WARMUP_STEPS, REDUCTION) : medianPruner(WARMUP_STEPS);
}

const textsOf = (settings: Readonly<Record<string, Setting>>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
