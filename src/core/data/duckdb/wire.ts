import type { ColumnType } from '../../../shared/table/column.ts';

/**
 * How a column's values lie in memory between DuckDB and our own columns: exactly as DuckDB holds them, so that they are
 * copied and not converted on the way. Text is a code into a dictionary that grows from group to group.
 */
export const WIRE_TYPES = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'i64', 'f64'] as const;
export type WireType = (typeof WIRE_TYPES)[number];

export type WireArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigInt64Array
  | Float64Array;

const CONSTRUCTORS = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  i64: BigInt64Array,
  f64: Float64Array,
} as const;

export const wireBytes = (type: WireType): number => CONSTRUCTORS[type].BYTES_PER_ELEMENT;

export const wireArray = (
  type: WireType,
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
): WireArray => new CONSTRUCTORS[type](buffer as ArrayBuffer, byteOffset, length);

export interface WireColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly wire: WireType;
}

/** What our column types are in DuckDB's, and how their values are carried. */
export interface ReadPlan extends WireColumn {
  /** The column's expression in the SELECT list, cast to a type that has a wire form. */
  readonly sql: string;
}

const PLAIN: Readonly<Record<string, { type: ColumnType; wire: WireType; cast?: string }>> = {
  BOOLEAN: { type: 'bool', wire: 'u8' },
  TINYINT: { type: 'int64', wire: 'i8' },
  UTINYINT: { type: 'int64', wire: 'u8' },
  SMALLINT: { type: 'int64', wire: 'i16' },
  USMALLINT: { type: 'int64', wire: 'u16' },
  INTEGER: { type: 'int64', wire: 'i32' },
  UINTEGER: { type: 'int64', wire: 'u32' },
  BIGINT: { type: 'int64', wire: 'i64' },
  UBIGINT: { type: 'int64', wire: 'i64', cast: 'BIGINT' },
  HUGEINT: { type: 'int64', wire: 'i64', cast: 'BIGINT' },
  UHUGEINT: { type: 'int64', wire: 'i64', cast: 'BIGINT' },
  FLOAT: { type: 'float64', wire: 'f64', cast: 'DOUBLE' },
  DOUBLE: { type: 'float64', wire: 'f64' },
  TIMESTAMP: { type: 'timestamp', wire: 'i64' },
  'TIMESTAMP WITH TIME ZONE': { type: 'timestamp', wire: 'i64' },
  TIMESTAMP_S: { type: 'timestamp', wire: 'i64', cast: 'TIMESTAMP' },
  TIMESTAMP_MS: { type: 'timestamp', wire: 'i64', cast: 'TIMESTAMP' },
  TIMESTAMP_NS: { type: 'timestamp', wire: 'i64' },
  DATE: { type: 'date', wire: 'i32' },
  VARCHAR: { type: 'string', wire: 'u32' },
};

/** Text stands for what has no column type of ours: times of day, intervals, nested values. */
const AS_TEXT = { type: 'string', wire: 'u32', cast: 'VARCHAR' } as const;

/** `duckType` as DESCRIBE names it; `sql` is the expression that yields the column. */
export function planColumn(name: string, duckType: string, sql: string): ReadPlan {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(duckType);
  const whole = decimal !== null && decimal[2] === '0' && Number(decimal[1]) <= 18;
  const plan: { type: ColumnType; wire: WireType; cast?: string } =
    decimal === null
      ? (PLAIN[duckType] ?? AS_TEXT)
      : whole
        ? { type: 'int64', wire: 'i64', cast: 'BIGINT' }
        : { type: 'float64', wire: 'f64', cast: 'DOUBLE' };
  if (duckType === 'TIMESTAMP_NS') return { name, type: plan.type, wire: plan.wire, sql: towardsPast(sql) };
  return {
    name,
    type: plan.type,
    wire: plan.wire,
    sql: plan.cast === undefined ? sql : `CAST(${sql} AS ${plan.cast})`,
  };
}

/** Nanoseconds cut to microseconds towards the past, where a cast would cut towards 1970: no time may become a later one. */
const towardsPast = (sql: string): string =>
  `make_timestamp((epoch_ns(${sql}) - (epoch_ns(${sql}) % 1000 + 1000) % 1000) // 1000)`;

export interface NarrowValues {
  readonly wire: WireType;
  readonly values: WireArray;
}

/** Whole numbers in two, four or eight bytes: less to hand over. */
export function narrowIntegers(values: WireArray): NarrowValues {
  if (!(values instanceof BigInt64Array)) {
    return { wire: WIRE_TYPES.find((type) => values instanceof CONSTRUCTORS[type])!, values };
  }
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const short = shortIntegers(halves);
  if (short !== null) return { wire: 'i16', values: short };
  const middle = middleIntegers(halves);
  return middle === null ? { wire: 'i64', values } : { wire: 'i32', values: middle };
}

function shortIntegers(halves: Int32Array): Int16Array | null {
  const out = new Int16Array(halves.length / 2);
  for (let row = 0; row < out.length; row++) {
    const low = halves[2 * row]!;
    out[row] = low;
    if (out[row] !== low || halves[2 * row + 1] !== low >> 31) return null;
  }
  return out;
}

function middleIntegers(halves: Int32Array): Int32Array | null {
  const out = new Int32Array(halves.length / 2);
  for (let row = 0; row < out.length; row++) {
    const low = halves[2 * row]!;
    out[row] = low;
    if (halves[2 * row + 1] !== low >> 31) return null;
  }
  return out;
}

/** Codes up to `greatest` in one, two or four bytes. */
export function narrowCodes(values: Uint32Array, greatest: number): NarrowValues {
  if (greatest < 256) return { wire: 'u8', values: new Uint8Array(values) };
  if (greatest < 65_536) return { wire: 'u16', values: new Uint16Array(values) };
  return { wire: 'u32', values };
}
