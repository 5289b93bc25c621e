import {
  type BooleanColumn,
  type Column,
  isWideInteger,
  type NumberColumn,
  type StringColumn,
  type WideIntegerColumn,
} from './column.ts';

/** Some rows of a column without their nulls: what is hashed, and what Parquet stores. */
export type PresentColumn =
  | Present<NumberColumn, 'type'>
  | Present<WideIntegerColumn, 'type'>
  | Present<BooleanColumn, 'type'>
  | PresentText;

export type PresentText = Present<StringColumn, 'type' | 'dictionary'>;

type Present<Some extends Column, Kept extends keyof Some> = Pick<Some, Kept> & {
  readonly rows: number;
  /** One byte a row, 1 = present; null when every row is present. */
  readonly mask: Uint8Array | null;
  /** Of the rows that are present alone, in row order. */
  readonly values: Some['values'];
};

/** The rows `first` to `end`. Where none of them is null the values are those of the column, in the same memory. */
export function presentColumn(column: StringColumn, first?: number, end?: number): PresentText;
export function presentColumn(column: Column, first?: number, end?: number): PresentColumn;
export function presentColumn(column: Column, first = 0, end = column.values.length): PresentColumn {
  const rows = end - first;
  const given = column.validity?.subarray(first, end) ?? null;
  const present = given === null ? rows : countPresent(given);
  const mask = present === rows ? null : given;
  const part = { rows, mask };
  if (column.type === 'string') {
    const values = presentOthers(column.values.subarray(first, end), mask);
    return { ...part, type: 'string', dictionary: column.dictionary, values };
  }
  if (column.type === 'bool')
    return { ...part, type: 'bool', values: presentOthers(column.values.subarray(first, end), mask) };
  if (isWideInteger(column))
    return { ...part, type: 'int64', values: presentOthers(column.values.subarray(first, end), mask) };
  const values = presentDoubles(column.values.subarray(first, end), mask, present);
  return { ...part, type: column.type, values };
}

/** @param mask one byte a row, 1 = present. */
export function countPresent(mask: Uint8Array): number {
  let present = 0;
  for (let row = 0; row < mask.length; row++) present += mask[row]!;
  return present;
}

/** A function of its own for doubles: one that has met every kind of array is many times slower. */
function presentDoubles(values: Float64Array, mask: Uint8Array | null, present: number): Float64Array {
  if (mask === null) return values;
  // Every value is written and the next one takes the place of one that is null: a branch that cannot be foreseen costs more.
  const out = new Float64Array(present + 1);
  let at = 0;
  for (let row = 0; row < values.length; row++) {
    out[at] = values[row]!;
    at += mask[row]!;
  }
  return out.subarray(0, present);
}

function presentOthers<Values extends Uint8Array | Uint32Array | BigInt64Array>(
  values: Values,
  mask: Uint8Array | null,
): Values {
  return mask === null ? values : (values.filter((_, row) => mask[row] === 1) as Values);
}
