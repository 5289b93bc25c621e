import type { Column, ColumnSchema, Table } from './column.ts';

/** A table of these columns without a row. */
export const emptyTable = (columns: readonly ColumnSchema[]): Table => ({
  rows: 0,
  columns: columns.map(emptyColumn),
});

function emptyColumn({ name, type }: ColumnSchema): Column {
  switch (type) {
    case 'string':
      return { name, type, validity: null, values: new Uint32Array(0), dictionary: [] };
    case 'bool':
      return { name, type, validity: null, values: new Uint8Array(0) };
    default:
      return { name, type, validity: null, values: new Float64Array(0) };
  }
}
