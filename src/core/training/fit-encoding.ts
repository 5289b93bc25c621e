import { FalajError } from '../../shared/errors.ts';
import type { Column } from '../../shared/table/column.ts';
import type { FeatureEncoding } from '../registry/index.ts';

const PRIOR_ROWS = 30;
const MAX_CATEGORIES = 10_000;

/**
 * Chooses how a column becomes numbers, looking at the training part alone. A text becomes its label mean there, leaning
 * towards the overall mean by `PRIOR_ROWS` imaginary rows: one number that both trees and linear models can use
 * (Micci-Barreca 2001, "A preprocessing scheme for high-cardinality categorical attributes").
 *
 * @param trainRows row numbers of the training part
 * @param labels labels by position in `trainRows`
 */
export function fitEncoding(column: Column, trainRows: Uint32Array, labels: Float32Array): FeatureEncoding {
  if (column.type === 'timestamp' || column.type === 'date') return { kind: 'days' };
  if (column.type !== 'string') return { kind: 'number' };
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
    if (validity !== null && validity[row] !== 1) continue;
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
