import type { Task } from '../../shared/definitions/training.ts';
import { FalajError } from '../../shared/errors.ts';
import { openInferenceSession, scoreBatches, tableSource } from '../inference/index.ts';
import type { ModelMetadata } from '../registry/index.ts';
import type { TrainingSet } from './training-set.ts';
import type { LearnOutcome } from './worker-messages.ts';

/** Learner and runtime must agree to this, in probability or in units of the label's own scale. */
const LARGEST_DIFFERENCE = 1e-5;
const AGREEMENT_ROWS = 2048;

/**
 * Runs the exported model in an isolated process on part of the hold-out.
 *
 * @throws INTERNAL for a model that says something else than its learner.
 */
export async function checkAgreement(
  task: Task,
  set: TrainingSet,
  { onnx, predictions }: LearnOutcome,
  { threads, signal }: { readonly threads: number; readonly signal: AbortSignal },
): Promise<Pick<ModelMetadata, 'inputs' | 'outputs'> & { readonly difference: number }> {
  const session = await openInferenceSession({ model: onnx, threads, signal });
  try {
    const rows = Math.min(set.split.test, AGREEMENT_ROWS);
    const source = tableSource({ rows, columns: set.testRows.columns }, set.features);
    const { scores } = await scoreBatches(session, source, {
      batch: AGREEMENT_ROWS,
      outputs: set.classes?.length ?? 1,
      signal,
    });
    let difference = 0;
    for (let row = 0; row < scores.length; row++) {
      const expected = predictions[row]!;
      const unit = task !== 'regression' ? 1 : Math.max(1, Math.abs(expected));
      const gap = Math.abs(scores[row]! - expected) / unit;
      difference = gap > difference || Number.isNaN(gap) ? gap : difference;
    }
    if (!(difference <= LARGEST_DIFFERENCE)) {
      throw new FalajError('INTERNAL', `The exported model differs from the learned one by ${difference}.`, {
        hint: 'The model was not registered. This is a defect: please report it with the training definition.',
      });
    }
    return { inputs: [...session.inputs], outputs: [...session.outputs], difference };
  } finally {
    await session.close();
  }
}
