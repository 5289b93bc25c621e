import { FalajError } from '../../shared/errors.ts';
import type { Column } from '../../shared/table/column.ts';
import type { ModelFeature } from '../registry/index.ts';

const MICROS_PER_DAY = 86_400_000_000;

/** Where the numbers go: `target[offset + k * stride]` for the k-th row. */
export interface EncodeTarget {
  readonly target: Float32Array;
  readonly offset: number;
  /** 1 fills a column of a column-major matrix; the number of features fills one of a row-major matrix. */
  readonly stride: number;
}

/**
 * Writes the float32 numbers that a model reads for the rows [from, to) of a column, or for the named rows.
 * A missing value becomes NaN.
 */
export function encodeColumn(
  column: Column,
  feature: ModelFeature,
  rows: { readonly from: number; readonly to: number } | Uint32Array,
  { target, offset, stride }: EncodeTarget,
): void {
  const count = rows instanceof Uint32Array ? rows.length : rows.to - rows.from;
  const numberAt = numberReader(column, feature);
  const { validity } = column;
  for (let index = 0, position = offset; index < count; index++, position += stride) {
    const row = rows instanceof Uint32Array ? rows[index]! : rows.from + index;
    target[position] = validity !== null && validity[row] !== 1 ? Number.NaN : numberAt(row);
  }
}

function numberReader(column: Column, feature: ModelFeature): (row: number) => number {
  const { encoding } = feature;
  if (encoding.kind === 'category') {
    if (column.type !== 'string') throw typeMismatch(column, feature);
    const numbers = new Map(encoding.values.map((value, index) => [value, encoding.numbers[index]!]));
    // An empty text is a missing one: a graph that reads texts cannot tell them apart.
    const byPosition = Float32Array.from(column.dictionary, (value) =>
      value === '' ? Number.NaN : (numbers.get(value) ?? encoding.other),
    );
    const { values } = column;
    return (row) => byPosition[values[row]!]!;
  }
  if (encoding.kind === 'step') throw new Error('A model with steps of preprocessing reads raw columns.');
  if (column.type === 'string') throw typeMismatch(column, feature);
  const { values } = column;
  if (values instanceof BigInt64Array) return (row) => Number(values[row]!);
  if (encoding.kind === 'days') return (row) => values[row]! / MICROS_PER_DAY;
  return (row) => values[row]!;
}

export const typeMismatch = (column: Column, feature: ModelFeature): FalajError =>
  new FalajError(
    'TYPE_MISMATCH',
    `The column ${column.name} is ${column.type}; the model was trained on ${feature.type}.`,
    {
      hint: 'Give the column the type it had in training.',
      details: { column: column.name },
    },
  );
