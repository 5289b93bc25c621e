import type { Column, Table } from './column.ts';
import { takeBytes, takeCodes, takeNumbers, takeWide } from './take-values.ts';

/** The given rows, in the given order. */
export function takeRows(table: Table, rows: Uint32Array): Table {
  return { rows: rows.length, columns: table.columns.map((column) => takeColumnRows(column, rows)) };
}

export function takeColumnRows(column: Column, rows: Uint32Array): Column {
  const validity = column.validity === null ? null : takeBytes(column.validity, rows);
  if (column.type === 'string') return { ...column, validity, values: takeCodes(column.values, rows) };
  if (column.type === 'bool') return { ...column, validity, values: takeBytes(column.values, rows) };
  if (column.values instanceof BigInt64Array)
    return { name: column.name, type: 'int64', validity, values: takeWide(column.values, rows) };
  return { name: column.name, type: column.type, validity, values: takeNumbers(column.values, rows) };
}
