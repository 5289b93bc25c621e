import type { Expectation } from '../../../shared/definitions/datasets.ts';
import { type Column, cellToJson, isPresent, type StringColumn } from '../../../shared/table/column.ts';
import { parseInstant } from '../../../shared/units.ts';

/** An expectation that is judged row by row from one column. */
export type RowExpectation = Extract<Expectation, { column: string }>;

/** 1 for each row that fails. Empty values fail `notNull` alone. */
export function failingRows(one: RowExpectation, column: Column): Uint8Array {
  if ('notNull' in one) return marked(column, (row) => !hasValue(column, row));
  const fails = valueTest(one, column);
  return marked(column, (row) => hasValue(column, row) && fails(row));
}

function marked(column: Column, test: (row: number) => boolean): Uint8Array {
  const out = new Uint8Array(column.values.length);
  for (let row = 0; row < out.length; row++) out[row] = test(row) ? 1 : 0;
  return out;
}

/** NaN is no value, as in a profile. */
const hasValue = (column: Column, row: number): boolean =>
  isPresent(column, row) && !Number.isNaN(column.values[row]);

function valueTest(
  one: Exclude<RowExpectation, { notNull: true }>,
  column: Column,
): (row: number) => boolean {
  if ('range' in one) {
    const [least, most] = one.range.map((bound) => (typeof bound === 'string' ? parseInstant(bound) : bound));
    const { values } = column;
    return (row) => (least != null && values[row]! < least) || (most != null && values[row]! > most);
  }
  if (column.type === 'string') return textTest(column, acceptedText(one));
  if ('matches' in one) throw new TypeError(`Column "${column.name}" is not text.`);
  const accepted = new Set<unknown>(one.in);
  return (row) => !accepted.has(cell(column, row));
}

function acceptedText(
  one: Exclude<RowExpectation, { notNull: true } | { range: unknown }>,
): (text: string) => boolean {
  if ('in' in one) {
    const accepted = new Set<unknown>(one.in);
    return (text) => accepted.has(text);
  }
  const pattern = new RegExp(`^(?:${one.matches})$`, 'u');
  return (text) => pattern.test(text);
}

/** Each different text is judged once. */
function textTest(column: StringColumn, accepts: (text: string) => boolean): (row: number) => boolean {
  const fails = column.dictionary.map((text) => !accepts(text));
  return (row) => fails[column.values[row]!]!;
}

/** Whole numbers as numbers, since a definition writes them so. */
function cell(column: Column, row: number): unknown {
  const value = column.values[row];
  return typeof value === 'bigint' ? Number(value) : cellToJson(column, row);
}
