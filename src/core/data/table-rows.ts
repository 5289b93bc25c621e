import type { Column, Table } from '../../shared/table/column.ts';

/** The given rows, in the given order. */
export function takeRows(table: Table, rows: Uint32Array): Table {
  return { rows: rows.length, columns: table.columns.map((column) => takeColumnRows(column, rows)) };
}

function takeColumnRows(column: Column, rows: Uint32Array): Column {
  const validity = column.validity === null ? null : takeBytes(column.validity, rows);
  if (column.type === 'string') return { ...column, validity, values: takeCodes(column.values, rows) };
  if (column.type === 'bool') return { ...column, validity, values: takeBytes(column.values, rows) };
  if (column.values instanceof BigInt64Array)
    return { name: column.name, type: 'int64', validity, values: takeWide(column.values, rows) };
  return { name: column.name, type: column.type, validity, values: takeNumbers(column.values, rows) };
}

// One function per element type: a loop that has met several typed-array classes runs many times slower.
function takeBytes(values: Uint8Array, rows: Uint32Array): Uint8Array {
  const out = new Uint8Array(rows.length);
  for (let at = 0; at < out.length; at++) out[at] = values[rows[at]!]!;
  return out;
}

function takeCodes(values: Uint32Array, rows: Uint32Array): Uint32Array {
  const out = new Uint32Array(rows.length);
  for (let at = 0; at < out.length; at++) out[at] = values[rows[at]!]!;
  return out;
}

function takeNumbers(values: Float64Array, rows: Uint32Array): Float64Array {
  const out = new Float64Array(rows.length);
  for (let at = 0; at < out.length; at++) out[at] = values[rows[at]!]!;
  return out;
}

function takeWide(values: BigInt64Array, rows: Uint32Array): BigInt64Array {
  const out = new BigInt64Array(rows.length);
  for (let at = 0; at < out.length; at++) out[at] = values[rows[at]!]!;
  return out;
}
