import { DataType, type Field } from 'apache-arrow';
import { FalajError } from '../../../shared/errors.ts';
import type { ColumnSchema, ColumnType } from '../../../shared/table/column.ts';

/** A column of an Arrow file: what it becomes here, and what a person should know about that. */
export interface ArrowColumn extends ColumnSchema {
  readonly note: string | null;
  /** Times finer than a microsecond are refused, not rounded. */
  readonly exact: boolean;
}

export function planArrowColumn(field: Field, exactTimes: readonly string[]): ArrowColumn {
  const type = columnTypeOf(field.type);
  if (type === null) {
    throw new FalajError(
      'TYPE_MISMATCH',
      `Column "${field.name}" is of type ${String(field.type)}, which no column here can hold.`,
      {
        hint: 'Cast it to text or to numbers, or leave it out.',
        details: { column: field.name, type: String(field.type) },
      },
    );
  }
  const exact = exactTimes.includes(field.name);
  return { name: field.name, type, exact, note: exact ? null : noteOn(field.name, valueType(field.type)) };
}

export const valueType = (type: DataType): DataType =>
  DataType.isDictionary(type) ? (type.dictionary as DataType) : type;

export const isText = (type: DataType): boolean =>
  DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type);

function columnTypeOf(asWritten: DataType): ColumnType | null {
  const type = valueType(asWritten);
  if (isText(type) || DataType.isNull(type)) return 'string';
  if (DataType.isInt(type)) return 'int64';
  if (DataType.isFloat(type)) return 'float64';
  if (DataType.isDecimal(type)) return 'float64';
  if (DataType.isBool(type)) return 'bool';
  if (DataType.isTimestamp(type)) return 'timestamp';
  if (DataType.isDate(type)) return 'date';
  return null;
}

function noteOn(name: string, type: DataType): string | null {
  if (DataType.isTimestamp(type) && type.unit === 3)
    return `Column "${name}": nanoseconds were cut to microseconds.`;
  if (DataType.isDecimal(type)) return `Column "${name}": decimal numbers were read as float64.`;
  if (DataType.isNull(type)) return `Column "${name}" holds nothing; it was read as text.`;
  return null;
}
