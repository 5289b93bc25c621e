import { type TrainingDefinition, trainingDefinition } from '../../../shared/definitions/training.ts';
import { FalajError, isFalajError } from '../../../shared/errors.ts';
import type { RunDifference } from '../../../shared/run-difference.ts';
import {
  CAPTURE_FILE,
  type CapturedRun,
  scriptCapture,
  scriptDifferences,
  TRAINING_FILE,
  trainingCapture,
} from '../../scripts/index.ts';
import type { RunHandle, TrackingRoom } from '../../tracking/index.ts';
import type { ScriptLearner } from './script-learner.ts';

/** On a run that repeats another. */
export const REPEATS_TAG = 'falaj.repeats';

/** A script that is ready to learn for a training of this name. */
export interface PreparedScript extends ScriptLearner {
  readonly name: string;
  readonly wheelhouse: string | null;
}

/** Keeps with a run all that it starts from, so that it can be begun again. */
export async function keepScript(
  run: RunHandle,
  definition: TrainingDefinition,
  { files, name, wheelhouse }: PreparedScript,
): Promise<void> {
  // The settings are those that a search found: to repeat the run is not to search again.
  const { tune: _found, ...repeated } = definition;
  const kept = { format: 'falaj-training-v1', name, wheelhouse, definition: repeated };
  await run.addArtifact(TRAINING_FILE, Buffer.from(`${JSON.stringify(kept, null, 2)}\n`));
  for (const [file, text] of Object.entries(files)) await run.addArtifact(file, Buffer.from(text));
}

export interface RepeatedRun extends CapturedRun {
  readonly definition: TrainingDefinition;
}

/** @throws BAD_INPUT for a run that keeps no definition. */
export async function repeatedRun(tracking: TrackingRoom, id: string): Promise<RepeatedRun> {
  try {
    const { definition } = trainingCapture.parse(JSON.parse(await artifact(tracking, id, TRAINING_FILE)));
    const parsed = trainingDefinition.parse(definition) as TrainingDefinition;
    return { ...(await capturedRun(tracking, id)), definition: parsed };
  } catch (error) {
    if (!isFalajError(error) || error.code !== 'NOT_FOUND') throw error;
    throw new FalajError('BAD_INPUT', `Run ${id} is no training by a script.`, {
      hint: 'A training is run again with: falaj train NAME',
      cause: error,
    });
  }
}

/** What is not the same in a run that repeats another. */
export const differencesSince = async (
  tracking: TrackingRoom,
  before: CapturedRun,
  id: string,
): Promise<RunDifference[]> => scriptDifferences(before, await capturedRun(tracking, id));

async function capturedRun(tracking: TrackingRoom, id: string): Promise<CapturedRun> {
  const { params, metrics, data } = tracking.get({ id });
  return {
    params,
    metrics,
    data: data.map(({ name, version, digest }) => ({ name, digest, source: `/data/${name}@${version}` })),
    capture: scriptCapture.parse(JSON.parse(await artifact(tracking, id, CAPTURE_FILE))),
  };
}

const artifact = async (tracking: TrackingRoom, id: string, file: string): Promise<string> =>
  (await tracking.files.readAll({ kind: 'run', id }, file)).toString('utf8');
