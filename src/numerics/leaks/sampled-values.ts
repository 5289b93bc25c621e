import { type Column, isPresent, type StringColumn } from '../../shared/table/column.ts';

export type ValueColumn = Exclude<Column, StringColumn>;

/** The column's values at these rows as numbers, NaN where there is none; truth counts as 1. */
export function numbersAt(column: ValueColumn, rows: Uint32Array): Float64Array {
  const { values } = column;
  const numbers = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const value = isPresent(column, row) ? Number(values[row]!) : Number.NaN;
    numbers[at] = Number.isFinite(value) ? value : Number.NaN;
  }
  return numbers;
}

/** 1 where there is a value at these rows. */
export function presenceAt(column: Column, rows: Uint32Array): Uint8Array {
  const isNumber = column.values instanceof Float64Array;
  return Uint8Array.from(rows, (row) =>
    isPresent(column, row) && !(isNumber && Number.isNaN(column.values[row] as number)) ? 1 : 0,
  );
}

/** Whether both have the same value, or none, at every one of these rows. */
export function areEqualAt(left: Column, right: Column, rows: Uint32Array): boolean {
  if (left.type !== right.type) return false;
  return rows.every((row) => {
    if (!isPresent(left, row) || !isPresent(right, row))
      return isPresent(left, row) === isPresent(right, row);
    if (left.type === 'string' && right.type === 'string')
      return left.dictionary[left.values[row]!] === right.dictionary[right.values[row]!];
    return Object.is(Number(left.values[row]!), Number(right.values[row]!));
  });
}
