import type { Column } from '../../shared/table/column.ts';
import { numbersAt, presenceAt } from './sampled-values.ts';

/** Numbers with no more distinct values than this are read as classes, too: a rating, a code. */
const MOST_NUMBER_CLASSES = 20;

/** A label at the sampled rows that have one. */
export interface Label {
  readonly column: Column;
  readonly rows: Uint32Array;
  /** Null for text. */
  readonly numbers: Float64Array | null;
  /** Null for numbers of many values. */
  readonly classes: { readonly codes: Uint32Array; readonly count: number } | null;
}

/** Reads a label at these rows, leaving out those without one. */
export function labelAt(column: Column, sampled: Uint32Array): Label {
  const presence = presenceAt(column, sampled);
  const rows = sampled.filter((_, at) => presence[at] === 1);
  if (column.type === 'string') {
    return { column, rows, numbers: null, classes: codesOf(Array.from(rows, (row) => column.values[row]!)) };
  }
  const numbers = numbersAt(column, rows);
  const classes = codesOf(numbers);
  return { column, rows, numbers, classes: classes.count > MOST_NUMBER_CLASSES ? null : classes };
}

/** Numbered in the order of their values, so that of two the greater is 1. */
function codesOf(values: ArrayLike<number>): { codes: Uint32Array; count: number } {
  const distinct = [...new Set(Array.from(values))].sort((left, right) => left - right);
  const codes = new Map(distinct.map((value, code) => [value, code]));
  return { codes: Uint32Array.from(values, (value) => codes.get(value)!), count: distinct.length };
}
