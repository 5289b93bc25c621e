import type { LabelTask } from '../../numerics/labels/index.ts';
import { FalajError } from '../../shared/errors.ts';
import type { LearnRequest } from './worker-messages.ts';

/** The task as learners of numerics are told it. */
export const labelTask = ({ task, classes }: Pick<LearnRequest, 'task' | 'classes'>): LabelTask =>
  task === 'multiclass' ? { kind: task, classes: classes?.length ?? 2 } : { kind: task };

/** For learners that sum values: refuses a feature that is infinite in a row to learn from, by its name. */
export function refuseInfinite({ matrix, rows, train, featureNames }: LearnRequest): void {
  for (const [feature, name] of featureNames.entries())
    for (let row = 0; row < train; row++) {
      const value = matrix[feature * rows + row]!;
      if (value !== Number.POSITIVE_INFINITY && value !== Number.NEGATIVE_INFINITY) continue;
      const message = `The feature ${name} is infinite, or beyond 32 bits, in a row of the training part.`;
      throw new FalajError('BAD_INPUT', message, {
        hint: 'Make it missing, or cap it, in an expression.',
        details: { feature: name },
      });
    }
}
