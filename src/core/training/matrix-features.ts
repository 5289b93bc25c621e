import type { Step } from '../../numerics/preprocessing/index.ts';
import { type ModelFeature, stepOf } from '../registry/index.ts';

/** One column of the matrix that a learner reads. */
export interface MatrixFeature {
  readonly name: string;
  /** Whether its numbers stand for categories. */
  readonly categorical: boolean;
}

/** The columns that a feature becomes, by name: `town=Sur`, `at.hour`, `price missing`. */
export function matrixFeatures(feature: ModelFeature, native: boolean): MatrixFeature[] {
  if (native && feature.encoding.kind === 'category') return [{ name: feature.name, categorical: true }];
  return namesOf(stepOf(feature)).map((name) => ({ name, categorical: false }));
}

function namesOf(step: Step): string[] {
  const { column } = step;
  switch (step.kind) {
    case 'number':
      return step.indicator ? [column, `${column} missing`] : [column];
    case 'time':
      return step.fill === null ? [column] : step.parts.map((part) => `${column}.${part}`);
    case 'oneHot':
      return step.values.map((value) => `${column}=${value}`);
    case 'hash':
      return Array.from({ length: step.buckets }, (_, bucket) => `${column}#${bucket}`);
    case 'raw':
    case 'lookup':
      return [column];
  }
}
