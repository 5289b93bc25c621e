import {
  type AutoTraining,
  gbdtLearner,
  type Learner,
  linearLearner,
  mlpLearner,
  type TrainingDefinition,
  type TrainResult,
} from '../../../shared/definitions/training.ts';
import { type Tune, tuneFields } from '../../../shared/definitions/tuning.ts';
import { FalajError, toFalajError } from '../../../shared/errors.ts';
import { KEPT_TAG, PARENT_TAG, SEARCH_TAG, TRIAL_TAG } from '../../../shared/run-search.ts';
import { type TuningGoal, tuningGoal, validationMetric } from '../../../shared/tuning-goal.ts';
import { parseDuration } from '../../../shared/units.ts';
import type { JobContext } from '../../jobs/index.ts';
import type { RunHandle, TrackingRoom } from '../../tracking/index.ts';
import { endRun, finishRun } from '../run-end.ts';
import type { TrainingSet } from '../training-set.ts';
import type { TuneRequest } from './tune-request.ts';
import { type Tuned, tuneTraining } from './tune-training.ts';

export interface ChooseRequest {
  readonly definition: AutoTraining;
  readonly tracking: TrackingRoom;
  readonly context: JobContext;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly fitter: TuneRequest['fitter'];
  /** Each learner reads its rows in its own way. */
  readonly assemble: (
    definition: TrainingDefinition,
    range: readonly [number, number],
  ) => Promise<TrainingSet>;
  readonly requestsOf: (
    definition: TrainingDefinition,
    set: TrainingSet,
  ) => Pick<TuneRequest, 'learn' | 'folds' | 'inputs'>;
}

export interface Chosen {
  readonly best: TrainingDefinition;
  readonly set: TrainingSet;
  readonly parent: RunHandle;
  readonly device: Tuned['device'];
  readonly found: NonNullable<TrainResult['tuning']>;
}

interface Candidate {
  readonly learner: Learner;
  readonly space: Tune['space'];
  /** Of the trials and of the time. */
  readonly share: number;
}

/** The quickest first, so that something is found however short the time. */
const CANDIDATES: readonly Candidate[] = [
  {
    learner: linearLearner.parse({ kind: 'linear' }),
    space: { l2: { logUniform: [0.001, 1000] } },
    share: 0.2,
  },
  {
    learner: gbdtLearner.parse({ kind: 'gbdt', trees: 500, earlyStopping: 30 }),
    space: {
      leaves: { logInt: [4, 128] },
      learningRate: { logUniform: [0.02, 0.3] },
      minRowsPerLeaf: { logInt: [5, 200] },
      rowSampling: { uniform: [0.6, 1] },
      columnSampling: { uniform: [0.6, 1] },
    },
    share: 0.5,
  },
  {
    learner: mlpLearner.parse({ kind: 'mlp', epochs: 40, earlyStopping: 5 }),
    space: {
      learningRate: { logUniform: [0.0003, 0.03] },
      dropout: { uniform: [0, 0.4] },
      weightDecay: { logUniform: [0.000001, 0.01] },
    },
    share: 0.3,
  },
];

/** Of the job's progress; the rest is learning with what was found. */
const SEARCHING = 0.8;
/** Of a learner's part of it. */
const ASSEMBLING = 0.3;

interface Best {
  readonly definition: TrainingDefinition;
  readonly set: TrainingSet;
  readonly found: Tuned['found'];
  readonly device: Tuned['device'];
}

/**
 * Searches with one learner after another and keeps the one that did best on the validation part. Each search is a run under
 * one for all, numbered as its trial, so that the page of that run is the leaderboard.
 */
export async function chooseLearner(request: ChooseRequest): Promise<Chosen> {
  const { definition, tracking, context } = request;
  const goal = tuningGoal(definition.task, definition.learner.metric)!;
  const { trials, timeLimit } = definition.learner;
  const parent = tracking.startRun({
    experiment: definition.experiment ?? definition.name,
    name: `${definition.name} (learners)`,
    params: { learner: 'auto', trials: String(trials), timeLimit, metric: goal.metric },
    tags: { training: definition.name, job: context.id, [SEARCH_TAG]: '{"learner":{}}' },
  });
  try {
    let best: Best | null = null;
    const leftOut: LeftOut[] = [];
    let trialCount = 0;
    let prunedCount = 0;
    for (const [place, candidate] of CANDIDATES.entries()) {
      context.signal.throwIfAborted();
      const found = await searchWith(request, candidate, { place, metric: goal.metric, parent });
      if ('error' in found) {
        leftOut.push(found);
        continue;
      }
      trialCount += found.found.trials;
      prunedCount += found.found.pruned;
      // Only the best keeps its rows: each learner's may take gigabytes.
      if (best !== null && !isBetter(goal, found, best)) continue;
      best = found;
      parent.setTags({ [KEPT_TAG]: String(place + 1) });
    }
    if (best === null) throw noneLearned(leftOut, timeLimit);
    const settings = { learner: best.definition.learner.kind, ...best.found.best };
    return {
      best: best.definition,
      set: best.set,
      parent,
      device: best.device,
      found: {
        ...best.found,
        run: parent.id,
        trials: trialCount,
        pruned: prunedCount,
        best: settings,
      },
    };
  } catch (error) {
    await endRun(context, parent, error);
    throw error;
  }
}

const isBetter = ({ isGreaterBetter }: TuningGoal, one: Best, other: Best): boolean =>
  isGreaterBetter ? one.found.value > other.found.value : one.found.value < other.found.value;

interface LeftOut {
  readonly learner: Learner['kind'];
  readonly error: FalajError;
}

/** Why there is no model: what is wrong with the rows, unless time alone was short. */
function noneLearned(leftOut: readonly LeftOut[], timeLimit: string): FalajError {
  const [first] = leftOut;
  if (first === undefined || leftOut.some(({ error }) => error.code === 'TIMED_OUT'))
    return new FalajError('TIMED_OUT', `No learner ended a trial within ${timeLimit}.`, {
      hint: 'Give it more time: learner: {kind: auto, timeLimit: 1h}. The log of the job says what each came to.',
    });
  if (leftOut.every(({ error }) => error.message === first.error.message)) return first.error;
  const reasons = leftOut.map(({ learner, error }) => `${learner}: ${error.message}`);
  return new FalajError(first.error.code, `No learner can learn from these rows. ${reasons.join(' ')}`, {
    hint: first.error.hint,
  });
}

/** What a learner found, or why it cannot learn from these rows, or not in its time: the others go on without it. */
async function searchWith(
  request: ChooseRequest,
  { learner, space, share }: Candidate,
  { place, metric, parent }: { readonly place: number; readonly metric: string; readonly parent: RunHandle },
): Promise<Best | LeftOut> {
  const { definition, tracking, context, clock, fitter } = request;
  const { trials, timeLimit, folds } = definition.learner;
  const limitMs = (share * parseDuration(timeLimit)) / 1000;
  const from = (SEARCHING * place) / CANDIDATES.length;
  const to = (SEARCHING * (place + 1)) / CANDIDATES.length;
  const middle = from + ASSEMBLING * (to - from);
  const tune = tuneFields.parse({
    metric,
    folds,
    trials: Math.max(1, Math.round(trials * share)),
    timeLimit: `${Math.max(1, Math.round(limitMs))}ms`,
    space,
  });
  try {
    const candidate = { ...definition, learner, tune };
    const set = await request.assemble(candidate, [from, middle]);
    const tuned = await tuneTraining({
      definition: candidate,
      ...request.requestsOf(candidate, set),
      fitter,
      tracking,
      context,
      clock,
      range: [middle, to],
      tags: { [PARENT_TAG]: parent.id, [TRIAL_TAG]: String(place + 1) },
      deadline: clock() + limitMs,
    });
    const { found, device } = tuned;
    await finishRun(context, tuned.parent, { metrics: { [validationMetric(metric)]: found.value } });
    return { definition: { ...definition, learner: tuned.learner }, set, found, device };
  } catch (error) {
    context.signal.throwIfAborted();
    const reason = toFalajError(error);
    // A lost device says nothing of the learner: whichever is best would be left to chance.
    if (reason.code === 'DEVICE_UNAVAILABLE') throw reason;
    context.log('warn', `The learner ${learner.kind} was left out: ${reason.message}`);
    return { learner: learner.kind, error: reason };
  }
}
