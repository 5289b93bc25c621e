import type { RawColumn, StepPlan } from '../../numerics/preprocessing/index.ts';
import type { PreprocessColumn, TrainingDefinition } from '../../shared/definitions/training.ts';
import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import { type Column, isPresent } from '../../shared/table/column.ts';
import { isNative, PRIOR_ROWS } from './fit-encoding.ts';

const MOST_TEXTS = 50;
const BUCKETS = 256;

/**
 * How a column is prepared where the definition says so, or where its learner could not read it otherwise; null for the
 * learner's own way.
 *
 * @throws BAD_DEFINITION for options that do not fit the column's type or the task.
 */
export function columnPlan(column: Column, definition: TrainingDefinition): StepPlan | null {
  const { name } = column;
  const asked = definition.preprocess?.[name];
  if (asked === undefined)
    return column.type === 'string' && definition.task === 'multiclass' && !isNative(definition)
      ? { column: name, kind: 'oneHot', most: MOST_TEXTS }
      : null;
  if (asked.encode !== undefined) {
    if (column.type !== 'string') throw misfit(column, 'encode', 'text');
    return textPlan(name, asked, definition);
  }
  if (asked.parts !== undefined) {
    if (column.type !== 'timestamp' && column.type !== 'date') throw misfit(column, 'parts', 'a time');
    return { column: name, kind: 'time', parts: asked.parts };
  }
  if (column.type === 'string' || column.type === 'timestamp' || column.type === 'date')
    throw misfit(column, 'impute, scale and indicator', 'a number');
  return {
    column: name,
    kind: 'number',
    impute: asked.impute ?? 'mean',
    scale: asked.scale ?? false,
    indicator: asked.indicator ?? false,
  };
}

function textPlan(column: string, asked: PreprocessColumn, { task, seed }: TrainingDefinition): StepPlan {
  switch (asked.encode) {
    case 'hash':
      return { column, kind: 'hash', buckets: asked.buckets ?? BUCKETS, seed: seed >>> 0 };
    case 'ordinal':
      return { column, kind: 'ordinal' };
    case 'target':
      if (task === 'multiclass')
        throw new FalajError(
          'BAD_DEFINITION',
          `The text ${column} cannot become the mean of a label of many classes.`,
          {
            hint: 'Encode it by oneHot or hash.',
            details: { column },
          },
        );
      return { column, kind: 'target', priorRows: PRIOR_ROWS };
    default:
      return { column, kind: 'oneHot', most: asked.most ?? MOST_TEXTS };
  }
}

/** Refuses preparations of columns that are no features. */
export function checkPreprocess(columns: readonly Column[], { preprocess = {} }: TrainingDefinition): void {
  const names = columns.map(({ name }) => name);
  for (const column of Object.keys(preprocess))
    if (!names.includes(column))
      throw new FalajError('UNKNOWN_COLUMN', `There is no feature ${column} to preprocess.`, {
        hint: nearestHint(column, names, `There are: ${names.join(', ')}.`),
        details: { column },
      });
}

/** The named rows of a column as preprocessing reads them, in their order. */
export function rawColumn(column: Column, order: Uint32Array): RawColumn {
  const { name } = column;
  if (column.type === 'string') {
    const { dictionary, values } = column;
    return {
      name,
      kind: 'text',
      values: Array.from(order, (row) => (isPresent(column, row) ? dictionary[values[row]!]! : null)),
    };
  }
  const isTime = column.type === 'timestamp' || column.type === 'date';
  const numbers = isTime ? new Float64Array(order.length) : new Float32Array(order.length);
  for (const [at, row] of order.entries())
    numbers[at] = isPresent(column, row) ? Number(column.values[row]!) : Number.NaN;
  return numbers instanceof Float64Array
    ? { name, kind: 'time', values: numbers }
    : { name, kind: 'number', values: numbers };
}

const misfit = (column: Column, option: string, wanted: string): FalajError =>
  new FalajError(
    'BAD_DEFINITION',
    `The option ${option} is for ${wanted}; ${column.name} is ${column.type}.`,
    {
      hint: 'Texts take encode, times parts, numbers impute, scale and indicator.',
      details: { column: column.name },
    },
  );
