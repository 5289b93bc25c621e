import { FalajError } from '../../shared/errors.ts';
import type { ColumnSchema, ColumnType, Table } from '../../shared/table/column.ts';
import { parseInstant } from '../../shared/units.ts';
import type { PackedValue } from './packed-row.ts';
import { missingField, nullField, type TableRule, unknownField } from './table-rule.ts';
import { ColumnBuilder } from './unpack-columns.ts';

/** A row as JSON has it. */
export type JsonRow = Readonly<Record<string, string | number | boolean | null>>;

/** Rows of JSON as typed columns. Errors name the row, counted from 1, and the field. */
export function tableFromRows(
  rows: readonly JsonRow[],
  columns: readonly ColumnSchema[],
  rule: TableRule,
): Table {
  const builders = columns.map((column) => new ColumnBuilder(column, rows.length));
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
  const micros = parseInstantAt(text, type, field, row);
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

function parseInstantAt(text: string, type: ColumnType, field: string, row: number): number {
  try {
    return parseInstant(text);
  } catch (error) {
    throw new FalajError(
      'BAD_INPUT',
      `Row ${row}: "${field}" is not a ${type === 'date' ? 'date' : 'time'}.`,
      {
        hint: `Write ISO-8601, such as ${type === 'date' ? '2026-01-31' : '2026-01-31T12:00:00Z'}.`,
        details: { row, field },
        cause: error,
      },
    );
  }
}

const numberType = (value: number): string =>
  !Number.isInteger(value)
    ? 'a number with decimals'
    : Number.isSafeInteger(value)
      ? 'a number'
      : 'a number beyond 2^53, which JSON may have rounded';

const jsonType = (value: string | number | boolean): string =>
  typeof value === 'number'
    ? numberType(value)
    : { string: 'text', boolean: 'true or false' }[typeof value as 'string' | 'boolean'];

const LONGEST_INTEGER_DIGITS = 20;

/** A 64-bit number that JSON numbers cannot carry. */
const isLongInteger = (text: string): boolean =>
  text.length <= LONGEST_INTEGER_DIGITS &&
  /^-?[1-9]\d*$/.test(text) &&
  !Number.isSafeInteger(Number(text)) &&
  BigInt.asIntN(64, BigInt(text)) === BigInt(text);
