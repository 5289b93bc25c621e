import { FalajError } from '../../../shared/errors.ts';
import { type Column, findColumn, type Table } from '../../../shared/table/column.ts';
import { dayStartsIn } from '../../../shared/time-zone.ts';
import { OF_TEXT_HINT } from '../text-aggregates.ts';

/** Times with NaN for null; a date is the start of that day in the zone, in UTC unless one is given. */
export function times(table: Table, name: string, zone?: string): Float64Array {
  const column = findColumn(table, name);
  if (column === undefined || (column.type !== 'timestamp' && column.type !== 'date')) {
    throw new FalajError('TYPE_MISMATCH', `Column "${name}" is not a time.`, { details: { column: name } });
  }
  if (column.type !== 'date' || zone === undefined) return numbers(column);
  return nullsAsNaN(column.values.map(dayStartsIn(zone)), column.validity);
}

/** A column as numbers for aggregation, NaN for null. Truth counts as 1. */
export function numbers(column: Column): Float64Array {
  if (column.type === 'string') throw isText(column.name);
  const { values, validity } = column;
  if (values instanceof Float64Array)
    return validity === null ? values : nullsAsNaN(values.slice(), validity);
  if (values instanceof BigInt64Array) return nullsAsNaN(Float64Array.from(values, Number), validity);
  return nullsAsNaN(new Float64Array(values), validity);
}

export const isText = (column: string): FalajError =>
  new FalajError(
    'TYPE_MISMATCH',
    `Column "${column}" is text; only numbers and truth values are aggregated so.`,
    { hint: OF_TEXT_HINT, details: { column } },
  );

/** Puts NaN, in place, where there is no value. */
export function nullsAsNaN(values: Float64Array, validity: Uint8Array | null): Float64Array {
  if (validity === null) return values;
  for (let row = 0; row < values.length; row++) if (validity[row] === 0) values[row] = Number.NaN;
  return values;
}
