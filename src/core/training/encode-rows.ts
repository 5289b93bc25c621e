import { setImmediate as turn } from 'node:timers/promises';
import { applyStep, fitPreprocessing, widthOf } from '../../numerics/preprocessing/index.ts';
import type { TrainingDefinition } from '../../shared/definitions/training.ts';
import type { Column } from '../../shared/table/column.ts';
import { encodeColumn } from '../inference/index.ts';
import { type ModelFeature, stepOf } from '../registry/index.ts';
import { columnPlan, rawColumn } from './column-plan.ts';
import { fitEncoding, isNative } from './fit-encoding.ts';
import { type MatrixFeature, matrixFeatures } from './matrix-features.ts';
import { sharedMatrix } from './shared-floats.ts';

/** Rows as a learner reads them. */
export interface EncodedRows {
  /** The raw columns, and how they become numbers. */
  readonly features: readonly ModelFeature[];
  /** The columns of the matrix. */
  readonly matrixFeatures: readonly MatrixFeature[];
  /** Column-major: feature f of row r is at `f * rows + r`. NaN is missing. */
  readonly matrix: Float32Array<SharedArrayBuffer>;
}

export interface RowsToEncode {
  /** Row numbers; the first `train` are what encodings are learned from, and nothing else is. */
  readonly order: Uint32Array;
  readonly train: number;
  /** By position in `order`. */
  readonly labels: Float32Array;
}

export interface EncodeOptions {
  /** Memory of which the matrix may take its share. */
  readonly totalBytes: number;
  readonly signal: AbortSignal;
  /** Told after each column how much is done, of one. */
  onProgress(fraction: number): void;
}

/** Learns from the training rows how each column becomes numbers, and makes those of all rows. */
export async function encodeRows(
  columns: readonly Column[],
  definition: TrainingDefinition,
  { order, train, labels }: RowsToEncode,
  { totalBytes, signal, onProgress }: EncodeOptions,
): Promise<EncodedRows> {
  const rows = order.length;
  const native = isNative(definition);
  const features = columns.map(
    (column): ModelFeature => ({
      name: column.name,
      type: column.type,
      encoding:
        plannedEncoding(column, definition, order.subarray(0, train), labels) ??
        fitEncoding(column, order.subarray(0, train), labels, native ? 'native' : 'mean'),
    }),
  );
  const widths = new Map(features.map((feature) => [feature.name, widthOf(stepOf(feature))]));
  const matrix = sharedMatrix(rows, widths, totalBytes);
  let filled = 0;
  for (const [index, column] of columns.entries()) {
    const feature = features[index]!;
    const columnsOfIt = widthOf(stepOf(feature));
    if (feature.encoding.kind === 'step')
      applyStep(
        feature.encoding.step,
        rawColumn(column, order),
        matrix.subarray(filled * rows, (filled + columnsOfIt) * rows),
        rows,
      );
    else encodeColumn(column, feature, order, { target: matrix, offset: filled * rows, stride: 1 });
    filled += columnsOfIt;
    onProgress((index + 1) / columns.length);
    // A breath between columns: the engine goes on answering.
    await turn();
    signal.throwIfAborted();
  }
  return {
    features,
    matrixFeatures: features.flatMap((feature) => matrixFeatures(feature, native)),
    matrix,
  };
}

/** Whether columns become the same numbers whichever rows were looked at. */
export const learnsNothing = (features: readonly ModelFeature[]): boolean =>
  features.every(({ encoding }) => encoding.kind === 'number' || encoding.kind === 'days');

/** What a definition, or the learner's need, makes of a column, learned from these rows; null for the usual way. */
function plannedEncoding(
  column: Column,
  definition: TrainingDefinition,
  trainRows: Uint32Array,
  labels: Float32Array,
): ModelFeature['encoding'] | null {
  const plan = columnPlan(column, definition);
  if (plan === null) return null;
  const learned = rawColumn(column, trainRows);
  const isAskedFor = definition.preprocess?.[column.name] !== undefined;
  // The learner's need alone does not refuse a text that is nowhere: it is a feature that tells nothing, like such a number.
  if (!isAskedFor && learned.kind === 'text' && learned.values.every((text) => text === null || text === ''))
    return null;
  const rows = Uint32Array.from({ length: trainRows.length }, (_, row) => row);
  const [step] = fitPreprocessing([learned], [plan], rows, labels).steps;
  return { kind: 'step', step: step! };
}
