import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import {
  type Column,
  type ColumnSchema,
  type ColumnType,
  findColumn,
  isPresent,
  isWideInteger,
  type Table,
} from '../../shared/table/column.ts';
import { parseInstant } from '../../shared/units.ts';
import type { PackedValue } from './packed-row.ts';
import { ColumnBuilder } from './unpack-columns.ts';

/** A row as JSON has it. */
export type JsonRow = Readonly<Record<string, string | number | boolean | null>>;

export interface TableRule {
  /** What the rows are for, in messages: `view "visits"`. */
  readonly of: string;
  /** Fields that every row must have; null counts as missing. */
  readonly required: ReadonlySet<string>;
  /** Fields that must be there, though they may be null. */
  readonly present: ReadonlySet<string>;
  /** Whether fields that no column has are refused. */
  readonly strict: boolean;
}

/** Rows of JSON as typed columns. Errors name the row, counted from 1, and the field. */
export function tableFromRows(
  rows: readonly JsonRow[],
  columns: readonly ColumnSchema[],
  rule: TableRule,
): Table {
  const builders = columns.map((column) => new ColumnBuilder(column));
  const known = new Set(columns.map(({ name }) => name));
  rows.forEach((row, index) => {
    if (rule.strict) {
      for (const name of Object.keys(row)) {
        if (!known.has(name)) throw unknownField(name, columns, rule, index + 1);
      }
    }
    columns.forEach((column, at) => {
      const value = Object.hasOwn(row, column.name) ? row[column.name] : undefined;
      if (value === undefined && rule.present.has(column.name)) {
        throw missingField(column.name, Object.keys(row), rule, index + 1);
      }
      const isNull = value === undefined || value === null;
      if (isNull && rule.required.has(column.name)) throw nullField(column.name, index + 1);
      builders[at]!.add(isNull ? null : fromJson(value, column, index + 1));
    });
  });
  return { rows: rows.length, columns: builders.map((builder) => builder.take()) };
}

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

function fromJson(value: string | number | boolean, { name, type }: ColumnSchema, row: number): PackedValue {
  const mismatch = (hint: string): FalajError =>
    new FalajError(
      'TYPE_MISMATCH',
      `Row ${row}: "${name}" is ${type}, but the value given is ${jsonType(value)}.`,
      {
        hint,
        details: { row, field: name, wanted: type, given: jsonType(value) },
      },
    );
  switch (type) {
    case 'float64':
      if (typeof value !== 'number') throw mismatch('Write a number, without quotes.');
      return value;
    case 'int64':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
      if (typeof value === 'string' && isLongInteger(value)) return BigInt(value);
      throw mismatch('Write a whole number, without quotes; one beyond 2^53 as text of digits.');
    case 'bool':
      if (typeof value !== 'boolean') throw mismatch('Write true or false.');
      return value;
    case 'string':
      if (typeof value !== 'string') throw mismatch('Write it in quotes.');
      return value;
    default:
      if (typeof value !== 'string' || !/^\d{4,}-\d{2}-\d{2}/.test(value)) {
        throw mismatch('Write ISO-8601 in quotes, such as "2026-01-31T12:00:00Z".');
      }
      return instantOf(value, type, name, row);
  }
}

function instantOf(text: string, type: ColumnType, field: string, row: number): number {
  const micros = parseInstantAt(text, field, row);
  if (type === 'timestamp' || micros % DAY_MICROS === 0) return micros;
  throw new FalajError(
    'TYPE_MISMATCH',
    `Row ${row}: "${field}" is a date, but the value given has a time of day.`,
    {
      hint: 'Write the day alone, such as "2026-01-31".',
      details: { row, field },
    },
  );
}

const DAY_MICROS = 86_400_000_000;

function parseInstantAt(text: string, field: string, row: number): number {
  try {
    return parseInstant(text);
  } catch (error) {
    throw new FalajError('BAD_INPUT', `Row ${row}: "${field}" is not a time.`, {
      hint: 'Write ISO-8601, such as 2026-01-31T12:00:00Z.',
      details: { row, field },
      cause: error,
    });
  }
}

const jsonType = (value: string | number | boolean): string =>
  typeof value === 'number' && !Number.isInteger(value)
    ? 'a number with decimals'
    : { string: 'text', number: 'a number', boolean: 'true or false' }[
        typeof value as 'string' | 'number' | 'boolean'
      ];

const LONGEST_INTEGER_DIGITS = 20;

/** A 64-bit number that JSON numbers cannot carry. */
const isLongInteger = (text: string): boolean =>
  text.length <= LONGEST_INTEGER_DIGITS &&
  /^-?[1-9]\d*$/.test(text) &&
  !Number.isSafeInteger(Number(text)) &&
  BigInt.asIntN(64, BigInt(text)) === BigInt(text);

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
  const builder = new ColumnBuilder(schema);
  for (let row = 0; row < rows; row++) builder.add(null);
  return builder.take();
}

const place = (row: number | null): string => (row === null ? '' : `Row ${row}: `);

function unknownField(
  name: string,
  columns: readonly ColumnSchema[],
  rule: TableRule,
  row: number | null,
): FalajError {
  const names = columns.map((column) => column.name);
  return new FalajError('UNKNOWN_COLUMN', `${place(row)}${rule.of} has no column "${name}".`, {
    hint: nearestHint(name, names, `The columns are: ${names.join(', ')}.`),
    details: { field: name, ...(row === null ? {} : { row }) },
  });
}

function missingField(
  name: string,
  given: readonly string[],
  rule: TableRule,
  row: number | null,
): FalajError {
  return new FalajError('UNKNOWN_COLUMN', `${place(row)}"${name}" is missing, which ${rule.of} needs.`, {
    hint: nearestHint(name, given, `Add it to ${row === null ? 'the file' : 'the row'}.`),
    details: { field: name, ...(row === null ? {} : { row }) },
  });
}

const nullField = (name: string, row: number): FalajError =>
  new FalajError('BAD_INPUT', `Row ${row}: "${name}" is empty.`, {
    hint: 'Keys and event times must have a value in every row.',
    details: { row, field: name },
  });
