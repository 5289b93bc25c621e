import { mulberry32 } from '../../../numerics/arrays/mulberry32.ts';
import {
  halvingPruner,
  medianPruner,
  neverPrune,
  type Observation,
  type Point,
  type Pruner,
  type Reports,
  randomPoint,
  tpePoint,
} from '../../../numerics/tuning/index.ts';
import type { Learner, TrainingDefinition, TrainResult } from '../../../shared/definitions/training.ts';
import type { Tune } from '../../../shared/definitions/tuning.ts';
import { FalajError, isCancellation } from '../../../shared/errors.ts';
import { PARENT_TAG, PRUNED_TAG, SEARCH_TAG, TRIAL_TAG } from '../../../shared/run-search.ts';
import { prefixedName, type TuningGoal, tuningGoal, validationMetric } from '../../../shared/tuning-goal.ts';
import { parseDuration } from '../../../shared/units.ts';
import type { JobContext } from '../../jobs/index.ts';
import type { RunHandle, TrackingRoom } from '../../tracking/index.ts';
import { prefixed } from '../evaluate.ts';
import { measureInWorker } from '../run-worker.ts';
import type { LearnRequest } from '../worker-messages.ts';
import { pointOf, type Setting, searchSpace, settingsAt } from './search-space.ts';

export interface TuneRequest {
  readonly definition: TrainingDefinition & { readonly tune: Tune };
  /** With the definition's own settings; each trial changes what is searched. */
  readonly learn: LearnRequest;
  readonly tracking: TrackingRoom;
  readonly context: JobContext;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Of the job's progress, what the search takes. */
  readonly range: readonly [number, number];
  /** Of the search's run, beside its own. */
  readonly tags?: Readonly<Record<string, string>>;
  /** When even the first trial is given up; never unless said. Milliseconds since the epoch. */
  readonly deadline?: number;
}

export interface Tuned {
  readonly learner: Learner;
  /** The run that the trials lie under. The caller finishes it. */
  readonly parent: RunHandle;
  readonly found: NonNullable<TrainResult['tuning']>;
}

interface Trial {
  readonly point: Point;
  /** Smaller is better; NaN for one that was given up or could not be measured. */
  readonly loss: number;
  readonly reports: Reports;
  readonly pruned: boolean;
}

/** Iterations before a trial is judged, and from one rung of halving to the next. */
const WARMUP_STEPS = 5;
const REDUCTION = 3;
const SEED_STRIDE = 7919;

/**
 * Searches the learner's settings, one trial after another, each on all processors. Trials are runs under one parent; those of an
 * earlier attempt of the same job count, and the search goes on with the settings that would have come next.
 */
export async function tuneTraining(request: TuneRequest): Promise<Tuned> {
  const { definition, tracking, context } = request;
  const { tune } = definition;
  const goal = tuningGoal(definition.task, tune.metric)!;
  const parent = tracking.startRun({
    experiment: definition.experiment ?? definition.name,
    name: `${definition.name} (search)`,
    params: {
      learner: definition.learner.kind,
      sampler: tune.sampler,
      pruner: tune.pruner,
      trials: String(tune.trials),
      metric: goal.metric,
    },
    tags: {
      training: definition.name,
      job: context.id,
      [SEARCH_TAG]: JSON.stringify(tune.space),
      ...request.tags,
    },
  });
  try {
    const trials = adoptTrials(request, parent, goal);
    if (trials.length > 0)
      context.log('info', `Goes on after ${trials.length} trials of an earlier attempt.`);
    const deadline =
      tune.timeLimit === undefined
        ? Number.POSITIVE_INFINITY
        : request.clock() + parseDuration(tune.timeLimit) / 1000;
    while (trials.length < tune.trials && (trials.length === 0 || request.clock() < deadline)) {
      context.signal.throwIfAborted();
      trials.push(await runTrial(request, parent, goal, trials));
    }
    const best = bestOf(trials);
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
        value: goal.isGreaterBetter ? -best.loss : best.loss,
      },
    };
  } catch (error) {
    parent.finish(isCancellation(error) ? 'killed' : 'failed');
    throw error;
  }
}

async function runTrial(
  request: TuneRequest,
  parent: RunHandle,
  goal: TuningGoal,
  before: readonly Trial[],
): Promise<Trial> {
  const { definition, learn, tracking, context } = request;
  const { tune } = definition;
  const number = before.length;
  const point = nextPoint(tune, definition.seed, before);
  const settings = settingsAt(tune.space, point);
  const run = tracking.startRun({
    experiment: definition.experiment ?? definition.name,
    name: `${definition.name} #${number + 1}`,
    params: { learner: definition.learner.kind, ...textsOf(settings) },
    tags: {
      training: definition.name,
      job: context.id,
      [PARENT_TAG]: parent.id,
      [TRIAL_TAG]: String(number + 1),
    },
  });
  const pruner = prunerOf(tune);
  const reports: { step: number; loss: number }[] = [];
  const others = before.map((trial) => trial.reports);
  const giveUp = new AbortController();
  const tooLate = setTimeout(() => giveUp.abort(), millisecondsUntil(request));
  const [from, to] = request.range;
  try {
    const metrics = await measureInWorker(
      { trial: { ...learn, learner: { ...definition.learner, ...settings } as Learner } },
      (step, of, values) => {
        for (const [name, value] of Object.entries(values))
          if (Number.isFinite(value)) run.logMetric(name, step, value);
        const loss = values['validationLoss'];
        if (loss === undefined) return;
        reports.push({ step, loss });
        context.progress({
          step: 'fit',
          detail: `${number + 1} / ${tune.trials}`,
          fraction: from + ((to - from) * (number + step / of)) / tune.trials,
        });
        if (pruner(reports, others)) giveUp.abort();
      },
      AbortSignal.any([context.signal, giveUp.signal]),
    );
    const value = metrics[goal.metric];
    run.finish('finished', { metrics: prefixed('validation', metrics) });
    if (value !== undefined) parent.logMetric(bestMetric(goal), number + 1, bestValue(before, goal, value));
    return { point, reports, pruned: false, loss: lossOf(goal, value ?? Number.NaN) };
  } catch (error) {
    if (giveUp.signal.aborted && !context.signal.aborted) {
      run.setTags({ [PRUNED_TAG]: 'true' });
      run.finish('killed');
      return { point, reports, pruned: true, loss: Number.NaN };
    }
    run.finish(isCancellation(error) ? 'killed' : 'failed');
    throw error;
  } finally {
    clearTimeout(tooLate);
  }
}

/** The longest that a timer takes; a search without a deadline is not held to one. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const millisecondsUntil = ({ deadline, clock }: TuneRequest): number =>
  deadline === undefined ? LONGEST_TIMER_MS : Math.min(LONGEST_TIMER_MS, Math.max(0, deadline - clock()));

/** The same for the same seed and the same trials before, whenever it is asked for. */
function nextPoint(tune: Tune, seed: number, before: readonly Trial[]): Point {
  const space = searchSpace(tune.space);
  const random = mulberry32(seed * SEED_STRIDE + before.length);
  if (tune.sampler === 'random') return randomPoint(space, random);
  // Of one that was given up its place is known to be bad, though not how bad.
  const observations = before.map(({ point, loss }): Observation => ({ point, loss }));
  return tpePoint(space, observations, random);
}

function prunerOf({ pruner }: Tune): Pruner {
  if (pruner === 'none') return neverPrune;
  return pruner === 'asha' ? halvingPruner(WARMUP_STEPS, REDUCTION) : medianPruner(WARMUP_STEPS);
}

/** The finished trials of an earlier attempt of this job, which come to lie under this one's parent. */
function adoptTrials(
  { definition, tracking, context }: TuneRequest,
  parent: RunHandle,
  goal: TuningGoal,
): Trial[] {
  const { tune } = definition;
  const earlier = tracking
    .list({ experiment: definition.experiment ?? definition.name, limit: MOST_RUNS })
    .filter(
      ({ tags, params }) =>
        tags['job'] === context.id &&
        tags[TRIAL_TAG] !== undefined &&
        tags[SEARCH_TAG] === undefined &&
        params['learner'] === definition.learner.kind,
    )
    .sort((a, b) => Number(a.tags[TRIAL_TAG]) - Number(b.tags[TRIAL_TAG]));
  const trials: Trial[] = [];
  for (const run of earlier) {
    const pruned = run.tags[PRUNED_TAG] === 'true';
    const point = pointOf(tune.space, run.params);
    // What was under way when the attempt ended is tried again; so is all that came after.
    if (
      point === null ||
      (run.status !== 'finished' && !pruned) ||
      Number(run.tags[TRIAL_TAG]) !== trials.length + 1
    )
      continue;
    tracking.clients.logBatch(run.id, { tags: { [PARENT_TAG]: parent.id } });
    const value = run.metrics[validationMetric(goal.metric)];
    const reports = tracking
      .history({ id: run.id, metric: 'validationLoss', points: MOST_POINTS })
      .map(({ step, value: loss }) => ({ step, loss }));
    trials.push({ point, reports, pruned, loss: pruned ? Number.NaN : lossOf(goal, value ?? Number.NaN) });
  }
  return trials;
}

/** Of the search: the best trial so far. */
const bestMetric = ({ metric }: TuningGoal): string => prefixedName('best', validationMetric(metric));

const MOST_RUNS = 20_000;
const MOST_POINTS = 10_000;

const lossOf = ({ isGreaterBetter }: TuningGoal, value: number): number => (isGreaterBetter ? -value : value);

function bestValue(before: readonly Trial[], goal: TuningGoal, value: number): number {
  const losses = [...before.map(({ loss }) => loss), lossOf(goal, value)].filter(
    (loss) => !Number.isNaN(loss),
  );
  const best = Math.min(...losses);
  return goal.isGreaterBetter ? -best : best;
}

function bestOf(trials: readonly Trial[]): Trial {
  const measured = trials.filter(({ loss }) => !Number.isNaN(loss));
  if (measured.length === 0) {
    throw new FalajError('LABEL_UNUSABLE', 'No trial could be measured on the validation part.', {
      hint: 'Its rows may all have the same label: make the part larger (split.validation), or split at random.',
    });
  }
  return measured.reduce((best, one) => (one.loss < best.loss ? one : best));
}

const textsOf = (settings: Readonly<Record<string, Setting>>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
