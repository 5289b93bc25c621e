import { FalajError } from '../../shared/errors.ts';
import {
  type Column,
  type ColumnSchema,
  type ColumnType,
  findColumn,
  isPresent,
  isWideInteger,
  type Table,
} from '../../shared/table/column.ts';
import { missingField, nullField, type TableRule, unknownField } from './table-rule.ts';
import { ColumnBuilder } from './unpack-columns.ts';

/** A table from a file in the wanted columns and types. Errors name the row, counted from 1, and the column. */
export function conformTable(table: Table, columns: readonly ColumnSchema[], rule: TableRule): Table {
  const names = table.columns.map(({ name }) => name);
  if (rule.strict) {
    for (const name of names) {
      if (!columns.some((column) => column.name === name)) throw unknownField(name, columns, rule, null);
    }
  }
  return {
    rows: table.rows,
    columns: columns.map((wanted) => {
      const column = findColumn(table, wanted.name);
      if (column === undefined) {
        if (rule.present.has(wanted.name)) throw missingField(wanted.name, names, rule, null);
        return nullColumn(wanted, table.rows);
      }
      const converted = convert(column, wanted.type, table.rows);
      if (rule.required.has(wanted.name)) {
        for (let row = 0; row < table.rows; row++) {
          if (!isPresent(converted, row)) throw nullField(wanted.name, row + 1);
        }
      }
      return converted;
    }),
  };
}

function convert(column: Column, type: ColumnType, rows: number): Column {
  if (column.type === type) return column;
  const { name, validity } = column;
  if (validity !== null && !validity.includes(1)) return nullColumn({ name, type }, rows);
  if (column.type === 'int64' && !isWideInteger(column) && type === 'float64') return { ...column, type };
  if (column.type === 'date' && type === 'timestamp') return { ...column, type };
  throw new FalajError(
    'TYPE_MISMATCH',
    `Column "${name}" is ${type}, but the file has it as ${column.type}.`,
    {
      hint: 'Give both the same type: a text "7" never equals the number 7.',
      details: { column: name, wanted: type, given: column.type },
    },
  );
}

function nullColumn(schema: ColumnSchema, rows: number): Column {
  const builder = new ColumnBuilder(schema, rows);
  for (let row = 0; row < rows; row++) builder.add(null);
  return builder.take();
}
