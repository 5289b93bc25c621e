import type { AnyTraining } from '../../../shared/definitions/training.ts';
import type { LearnerKind } from './search-form.ts';

/** The learner of a definition, whose short form is a word. */
export const learnerKind = ({ learner }: AnyTraining): LearnerKind | 'python' =>
  learner === 'auto' ? 'auto' : learner.kind;
