import type { Evaluation, Run } from '../../shared/contract/types.ts';
import type { TrainingDefinition, TrainResult } from '../../shared/definitions/training.ts';
import { toFalajError } from '../../shared/errors.ts';
import type { FeatureRoom } from '../features/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { ModelRegistry } from '../registry/index.ts';
import type { RunHandle, TrackingRoom } from '../tracking/index.ts';
import { checkAgreement } from './check-agreement.ts';
import type { Fitter } from './fitter.ts';
import { keepModel } from './keep-model.ts';
import {
  CheckpointKeeper,
  checkpointOf,
  checkpointTags,
  dropCheckpoints,
  stoppedRun,
} from './kept-checkpoints.ts';
import { learnRequest } from './learn-request.ts';
import { type DeviceRecord, deviceTags } from './learning-device.ts';
import { checkpointKey } from './network-checkpoint.ts';
import { keepScript, type PreparedScript } from './python/kept-script.ts';
import { finishRun, keepWhenPossible } from './run-end.ts';
import type { LearnListener } from './run-worker.ts';
import type { TrainingSet } from './training-set.ts';
import { within } from './within.ts';
import type { LearnRequest } from './worker-messages.ts';

/** A finished training, with what only the one who asked for it needs. */
export interface LearnedModel {
  readonly result: TrainResult;
  /** The learner's own predictions for the test rows, in order. */
  readonly predictions: Float64Array;
  readonly evaluation: Evaluation;
}

export interface Learning {
  readonly definition: TrainingDefinition;
  readonly set: TrainingSet;
  readonly run: RunHandle;
  /** Of the job's progress. */
  readonly range: readonly [number, number];
  /** Chosen before, by a search; null where none was. */
  readonly device: DeviceRecord | null;
  /** Made ready, where the learner is a script. */
  readonly script: PreparedScript | null;
}

export interface LearningSurroundings {
  readonly tracking: TrackingRoom;
  readonly registry: ModelRegistry;
  readonly features: FeatureRoom;
  readonly fitter: Fitter;
  readonly threads: number;
}

/** Learns, measures what came of it, and keeps the model signed with its run. */
export async function learnRun(
  context: JobContext,
  { definition, set, run, range, device, script }: Learning,
  { tracking, registry, features, fitter, threads }: LearningSurroundings,
): Promise<LearnedModel> {
  const { signal } = context;
  if (script !== null) await keepScript(run, definition, script);
  context.progress({ step: 'fit', fraction: within(range, 0) });
  const request = learnRequest(definition, set, threads);
  warnOfRequest(context, request);
  const { checkpoint, key, from } = await checkpointFor(tracking, request, definition);
  if (key !== null) run.setTags(checkpointTags(key, from));
  if (from !== null) context.log('info', `Goes on from the checkpoint of the run ${from.id}.`);
  const checkpoints = new CheckpointKeeper(run, (error) =>
    context.log('warn', `A checkpoint could not be kept: ${toFalajError(error).message}`),
  );
  const listener: LearnListener = {
    ...tellingListener(context, run, range),
    onCheckpoint: (bytes) => checkpoints.keep(bytes),
    ...(script === null ? {} : { outside: script }),
  };
  const outcome = await fitter
    .fit(
      { ...request, checkpoint },
      listener,
      signal,
      (record) => {
        run.setTags(deviceTags(record));
        if (definition.learner.kind === 'mlp') context.log('info', `${record.device}: ${record.reason}`);
      },
      device,
    )
    .finally(() => checkpoints.settled());
  const exportStartedAt = performance.now();
  const { inputs, outputs, difference } = await checkAgreement(definition.task, set, outcome, {
    threads,
    signal,
  });
  const metrics = { ...outcome.metrics, onnxDifference: difference };
  context.log('info', `ONNX Runtime reproduces the learner's predictions to ${difference.toExponential(1)}.`);

  const model = await keepModel(
    { definition, set, outcome, signature: { inputs, outputs } },
    {
      run,
      registry,
      receipt: features.receiptOf(set.description, run.id),
      signal,
    },
  );
  await finishRun(context, run, {
    metrics,
    evaluation: outcome.evaluation,
    data: [...set.datasets],
    ...(model === null ? {} : { model }),
  });
  const needless = [run.id, ...(from === null ? [] : [from.id])];
  await keepWhenPossible(context, () => dropCheckpoints(tracking, needless));
  context.progress({ step: 'export', fraction: within(range, 1) });
  const timingsMs = {
    load: set.timingsMs.load + set.timingsMs.join,
    fit: outcome.timingsMs.fit,
    evaluate: outcome.timingsMs.evaluate,
    export: outcome.timingsMs.export + (performance.now() - exportStartedAt),
  };
  return {
    result: { run: run.id, model, metrics, timingsMs },
    predictions: outcome.predictions,
    evaluation: outcome.evaluation,
  };
}

/** Of the progress of a run, how far learning, measuring and exporting come. */
const FITTED = 0.85;
const EVALUATING = 0.86;
const EXPORTING = 0.92;

/** Keeps the curves of a run, and tells how far it is. */
const tellingListener = (
  context: JobContext,
  run: RunHandle,
  range: readonly [number, number],
): Pick<LearnListener, 'onIteration' | 'onStep'> => ({
  onIteration: (step, of, metrics) => {
    for (const [name, value] of Object.entries(metrics))
      if (Number.isFinite(value)) run.logMetric(name, step, value);
    const fraction = within(range, FITTED * (step / of));
    context.progress({ step: 'fit', fraction, detail: `${step} / ${of}` });
  },
  onStep: (step) => {
    context.progress({ step, fraction: within(range, step === 'evaluate' ? EVALUATING : EXPORTING) });
  },
});

/** Says in the log what a person would want to know before the model is made. */
function warnOfRequest(context: JobContext, request: LearnRequest): void {
  if (stopsNothing(request))
    context.log(
      'warn',
      'earlyStopping stops nothing, since no rows are kept for validation: set split.validation above 0.',
    );
  for (const name of emptyFeatures(request))
    context.log('warn', `${name} has no value in any training row: nothing is learned of it.`);
}

/** Whether learning is to stop by the loss of validation rows that there are not. */
const stopsNothing = ({ learner, validation }: LearnRequest): boolean =>
  validation === 0 && 'earlyStopping' in learner && learner.earlyStopping !== undefined;

const emptyFeatures = ({ featureNames, matrix, rows, train }: LearnRequest): string[] =>
  featureNames.filter((_, feature) =>
    matrix.subarray(feature * rows, feature * rows + train).every(Number.isNaN),
  );

/** What a network of these rows and options goes on from, if such a training was stopped; other learners start anew. */
async function checkpointFor(
  tracking: TrackingRoom,
  request: LearnRequest,
  definition: TrainingDefinition,
): Promise<{ checkpoint: Uint8Array | undefined; key: string | null; from: Run | null }> {
  if (definition.learner.kind !== 'mlp') return { checkpoint: undefined, key: null, from: null };
  const key = await checkpointKey(request);
  const from = stoppedRun(tracking, definition.experiment ?? definition.name, key);
  const checkpoint = from === null ? undefined : await checkpointOf(tracking, from);
  return { checkpoint, key, from };
}
