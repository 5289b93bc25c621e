import type { TrainingDefinition } from '../../shared/definitions/training.ts';
import type { Column } from '../../shared/table/column.ts';
import { type EncodedRows, type EncodeOptions, encodeRows, learnsNothing } from './encode-rows.ts';
import type { FoldRows } from './fold-rows.ts';
import { checkVariation } from './label-values.ts';

/** One fold of the training part in shared memory: rows lie in the order learned from, judged on, not used. */
export interface FoldSet extends Pick<EncodedRows, 'matrix' | 'matrixFeatures'> {
  readonly labels: Float32Array<SharedArrayBuffer>;
  readonly weights: Float32Array<SharedArrayBuffer> | null;
  readonly rows: number;
  readonly train: number;
  readonly validation: number;
}

/** What folds are made of: the whole set, as it was encoded. */
export interface FoldSource extends EncodedRows, Pick<FoldSet, 'labels' | 'weights'> {
  readonly columns: readonly Column[];
  /** Row numbers of the set. */
  readonly order: Uint32Array;
  /** Of the rows of these numbers. */
  readonly labelsOf: (order: Uint32Array) => FoldSet['labels'];
  readonly weightsOf: (order: Uint32Array) => FoldSet['weights'];
}

/**
 * Folds as sets of their own: how columns become numbers is learned from the rows that a fold learns from alone. A fold that is
 * the beginning of the set shares its memory where nothing is learned.
 */
export async function foldSets(
  folds: readonly FoldRows[],
  definition: TrainingDefinition,
  source: FoldSource,
  options: EncodeOptions,
): Promise<FoldSet[]> {
  const sets: FoldSet[] = [];
  for (const [number, { order, train, validation }] of folds.entries()) {
    const isShared = learnsNothing(source.features) && isBeginning(order, source.order);
    const labels = isShared ? source.labels : source.labelsOf(order);
    checkVariation(definition.label.column, [
      { part: `training part of fold ${number + 1}`, labels: labels.subarray(0, train) },
      { part: `validation part of fold ${number + 1}`, labels: labels.subarray(train, train + validation) },
    ]);
    const onProgress = (share: number): void => options.onProgress((number + share) / folds.length);
    const { matrix, matrixFeatures } = isShared
      ? source
      : await encodeRows(source.columns, definition, { order, train, labels }, { ...options, onProgress });
    sets.push({
      matrix,
      matrixFeatures,
      labels,
      weights: isShared ? source.weights : source.weightsOf(order),
      rows: isShared ? source.order.length : order.length,
      train,
      validation,
    });
  }
  return sets;
}

const isBeginning = (rows: Uint32Array, of: Uint32Array): boolean =>
  rows.every((row, place) => row === of[place]);
