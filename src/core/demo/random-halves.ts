import type { Column, Table } from '../../shared/table/column.ts';

/** Cuts a table into two halves at random, seeded, keeping the order of rows within each. */
export function randomHalves(table: Table, seed: number): [Table, Table] {
  const first: number[] = [];
  const second: number[] = [];
  let state = seed >>> 0 || 1;
  for (let row = 0; row < table.rows; row++) {
    // Marsaglia 2003, "Xorshift RNGs": the triple 13, 17, 5; its top bit decides.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    (state < 0 ? first : second).push(row);
  }
  return [take(table, first), take(table, second)];
}

function take(table: Table, rows: readonly number[]): Table {
  return { rows: rows.length, columns: table.columns.map((column) => takeColumn(column, rows)) };
}

function takeColumn(column: Column, rows: readonly number[]): Column {
  const validity = column.validity === null ? null : Uint8Array.from(rows, (row) => column.validity![row]!);
  switch (column.type) {
    case 'string':
      return { ...column, validity, values: Uint32Array.from(rows, (row) => column.values[row]!) };
    case 'bool':
      return { ...column, validity, values: Uint8Array.from(rows, (row) => column.values[row]!) };
    default:
      return column.values instanceof BigInt64Array
        ? {
            name: column.name,
            type: 'int64',
            validity,
            values: BigInt64Array.from(rows, (row) => BigInt(column.values[row]!)),
          }
        : {
            name: column.name,
            type: column.type,
            validity,
            values: Float64Array.from(rows, (row) => Number(column.values[row]!)),
          };
  }
}
