/**
 * The one shape in which tables move between rooms: a column is a typed array plus an optional validity mask.
 * Timestamps and dates are microseconds since 1970-01-01T00:00:00Z in a Float64Array, exact until the year 2255.
 */
export type ColumnType = 'float64' | 'int64' | 'bool' | 'string' | 'timestamp' | 'date';

interface ColumnBase {
  readonly name: string;
  /** One byte per row, 1 = present, 0 = null. `null` when every row is present. */
  readonly validity: Uint8Array | null;
}

export interface NumberColumn extends ColumnBase {
  /** float64 may hold NaN; int64 holds integers up to ±2^53 only (wider ones are kept in a WideIntegerColumn). */
  readonly type: 'float64' | 'int64' | 'timestamp' | 'date';
  readonly values: Float64Array;
}

export interface WideIntegerColumn extends ColumnBase {
  readonly type: 'int64';
  readonly values: BigInt64Array;
}

export interface BooleanColumn extends ColumnBase {
  readonly type: 'bool';
  /** 0 or 1. */
  readonly values: Uint8Array;
}

export interface StringColumn extends ColumnBase {
  readonly type: 'string';
  /** Index into `dictionary` per row; unspecified where null. */
  readonly values: Uint32Array;
  /** Distinct values, in order of first appearance. */
  readonly dictionary: readonly string[];
}

export type Column = NumberColumn | WideIntegerColumn | BooleanColumn | StringColumn;

export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
}

export interface ColumnSchema {
  readonly name: string;
  readonly type: ColumnType;
}

export const isWideInteger = (column: Column): column is WideIntegerColumn =>
  column.values instanceof BigInt64Array;

export const isPresent = (column: Column, row: number): boolean =>
  column.validity === null || column.validity[row] === 1;

export function findColumn(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

/** The value of one cell as JSON can carry it: wide integers as decimal text, times as ISO-8601 in UTC. */
export function cellToJson(column: Column, row: number): string | number | boolean | null {
  if (!isPresent(column, row)) return null;
  switch (column.type) {
    case 'string':
      return column.dictionary[column.values[row]!] ?? null;
    case 'bool':
      return column.values[row] === 1;
    case 'timestamp':
      return microsToIso(column.values[row]!);
    case 'date':
      return microsToIso(column.values[row]!).slice(0, 10);
    default: {
      const value = column.values[row]!;
      if (typeof value === 'bigint') return value.toString();
      return Number.isFinite(value) ? value : null;
    }
  }
}

/** Microseconds since the epoch to ISO-8601 with `Z`; microsecond digits only where there are any. */
export function microsToIso(micros: number): string {
  const millis = Math.floor(micros / 1000);
  const rest = micros - millis * 1000;
  const date = new Date(millis);
  if (Number.isNaN(date.getTime())) return 'invalid';
  const text = date.toISOString();
  if (rest !== 0) return `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}
