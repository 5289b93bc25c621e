import type { TrainingDefinition } from '../../shared/definitions/training.ts';
import { FalajError } from '../../shared/errors.ts';
import type { Column } from '../../shared/table/column.ts';
import type { FeatureEncoding } from '../registry/index.ts';

/** Imaginary rows by which a text's label mean leans towards the overall mean. */
export const PRIOR_ROWS = 30;
const MAX_CATEGORIES = 10_000;
/** With one number more for all other texts: what trees give a bin of its own each, and networks an embedding. */
const NATIVE_CATEGORIES = 253;

type StringColumn = Extract<Column, { type: 'string' }>;

/** Whether a training's learner wants texts as numbered categories. */
export const isNative = ({ learner }: Pick<TrainingDefinition, 'learner'>): boolean =>
  learner.kind === 'mlp' || (learner.kind === 'gbdt' && learner.categories === 'native');

/**
 * Chooses how a column becomes numbers, looking at the training part alone. A text becomes the number of its category, or
 * its label mean there: one number that both trees and linear models can use.
 *
 * @param trainRows row numbers of the training part
 * @param labels labels by position in `trainRows`
 */
export function fitEncoding(
  column: Column,
  trainRows: Uint32Array,
  labels: Float32Array,
  categories: 'native' | 'mean',
): FeatureEncoding {
  if (column.type === 'timestamp' || column.type === 'date') return { kind: 'days' };
  if (column.type !== 'string') return { kind: 'number' };
  return categories === 'native' ? numbered(column, trainRows) : labelMeans(column, trainRows, labels);
}

/**
 * The most frequent texts of the training part, numbered; all others, and those that come later, share the next number. However
 * many different texts there are, only those are kept.
 */
function numbered({ dictionary, values, validity }: StringColumn, trainRows: Uint32Array): FeatureEncoding {
  const counts = new Uint32Array(dictionary.length);
  for (const row of trainRows) if (validity === null || validity[row] === 1) counts[values[row]!]!++;
  // An empty text is a missing one.
  if (dictionary.includes('')) counts[dictionary.indexOf('')] = 0;
  const codes = Uint32Array.from(dictionary.keys())
    .filter((code) => counts[code]! > 0)
    .sort((a, b) => counts[b]! - counts[a]! || (dictionary[a]! < dictionary[b]! ? -1 : 1));
  const known = Array.from(codes.subarray(0, NATIVE_CATEGORIES), (code) => dictionary[code]!);
  return { kind: 'category', values: known, numbers: known.map((_, number) => number), other: known.length };
}

/**
 * The label's mean per text, leaning towards the overall mean by `PRIOR_ROWS` imaginary rows (Micci-Barreca 2001, "A
 * preprocessing scheme for high-cardinality categorical attributes").
 */
function labelMeans(column: StringColumn, trainRows: Uint32Array, labels: Float32Array): FeatureEncoding {
  const { dictionary, values, validity } = column;
  if (dictionary.length > MAX_CATEGORIES) {
    throw new FalajError(
      'BAD_INPUT',
      `The column ${column.name} has ${dictionary.length} different texts: too many to learn from.`,
      {
        hint: `Use a column with at most ${MAX_CATEGORIES} values, or a feature view keyed by it.`,
        details: { column: column.name },
      },
    );
  }
  const sums = new Float64Array(dictionary.length);
  const counts = new Float64Array(dictionary.length);
  let total = 0;
  for (let position = 0; position < trainRows.length; position++) {
    const row = trainRows[position]!;
    total += labels[position]!;
    if ((validity !== null && validity[row] !== 1) || dictionary[values[row]!] === '') continue;
    sums[values[row]!]! += labels[position]!;
    counts[values[row]!]! += 1;
  }
  const overall = total / trainRows.length;
  const seen = [...dictionary.keys()].filter((code) => counts[code]! > 0);
  return {
    kind: 'category',
    values: seen.map((code) => dictionary[code]!),
    numbers: seen.map((code) =>
      Math.fround((sums[code]! + overall * PRIOR_ROWS) / (counts[code]! + PRIOR_ROWS)),
    ),
    other: Math.fround(overall),
  };
}
