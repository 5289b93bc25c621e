import duckdb from '@duckdb/node-bindings';
import { type Column, isWideInteger, type Table } from '../../../shared/table/column.ts';
import type { DuckSession } from './session.ts';
import { sqlName } from './sql-text.ts';

const HIGH = 4_294_967_296;
const DAY_MICROS = 86_400_000_000;
const STRING_BYTES = 16;
/** Text up to this length lies inside its record; longer text lies elsewhere, in memory that DuckDB owns. */
const INLINE_BYTES = 12;
const encoder = new TextEncoder();

export const DUCK_TYPES = {
  float64: 'DOUBLE',
  int64: 'BIGINT',
  bool: 'BOOLEAN',
  string: 'VARCHAR',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
} as const;

const BYTES = { float64: 8, int64: 8, bool: 1, string: STRING_BYTES, timestamp: 8, date: 4 } as const;
const LOGICAL = {
  float64: duckdb.Type.DOUBLE,
  int64: duckdb.Type.BIGINT,
  bool: duckdb.Type.BOOLEAN,
  string: duckdb.Type.VARCHAR,
  timestamp: duckdb.Type.TIMESTAMP,
  date: duckdb.Type.DATE,
} as const;

/** Writes rows of our columns into an in-memory table of DuckDB, whole vectors at a time. */
export class TableLoader {
  readonly #session: DuckSession;
  readonly #name: string;
  readonly #feeders: readonly VectorFeeder[];

  constructor(session: DuckSession, name: string, table: Table) {
    this.#session = session;
    this.#name = name;
    this.#feeders = table.columns.map((column) => new VectorFeeder(column));
  }

  /** Creates the table anew with the rows `first` to `first + count`, in that order. */
  async load(first: number, count: number): Promise<void> {
    const columns = this.#feeders.map(({ column }) => `${sqlName(column.name)} ${DUCK_TYPES[column.type]}`);
    await this.#session.run(`CREATE OR REPLACE TABLE ${sqlName(this.#name)} (${columns.join(', ')})`);
    const appender = duckdb.appender_create(this.#session.connection, null, this.#name);
    const types = this.#feeders.map(({ column }) => duckdb.create_logical_type(LOGICAL[column.type]));
    const vectorRows = duckdb.vector_size();
    for (let start = first; start < first + count; start += vectorRows) {
      const rows = Math.min(vectorRows, first + count - start);
      const chunk = duckdb.create_data_chunk(types);
      duckdb.data_chunk_set_size(chunk, rows);
      this.#feeders.forEach((feeder, index) => {
        feeder.fill(duckdb.data_chunk_get_vector(chunk, index), start, rows);
      });
      duckdb.append_data_chunk(appender, chunk);
    }
    duckdb.appender_close_sync(appender);
  }
}

/** Lays rows of one column out as DuckDB holds them. */
class VectorFeeder {
  readonly column: Column;
  readonly #buffer: ArrayBuffer;
  readonly #validity: ArrayBuffer;
  /** One record per dictionary entry, and the entries that are too long to lie in theirs. */
  readonly #records: Uint8Array | null;
  readonly #long: ReadonlyMap<number, Uint8Array>;

  constructor(column: Column) {
    this.column = column;
    const vectorRows = duckdb.vector_size();
    this.#buffer = new ArrayBuffer(vectorRows * BYTES[column.type]);
    this.#validity = new ArrayBuffer(vectorRows / 8);
    const long = new Map<number, Uint8Array>();
    this.#records = column.type === 'string' ? stringRecords(column.dictionary, long) : null;
    this.#long = long;
  }

  fill(vector: duckdb.Vector, first: number, rows: number): void {
    const { column } = this;
    const bytes = BYTES[column.type] * rows;
    this.#encode(first, rows);
    duckdb.copy_data_to_vector(vector, 0, this.#buffer, 0, bytes);
    if (column.type === 'string' && this.#long.size > 0) {
      for (let row = 0; row < rows; row++) {
        const text = this.#long.get(column.values[first + row]!);
        if (text !== undefined) duckdb.vector_assign_string_element_len(vector, row, text);
      }
    }
    if (column.validity === null) return;
    duckdb.vector_ensure_validity_writable(vector);
    packBits(column.validity, first, rows, new Uint8Array(this.#validity));
    duckdb.copy_data_to_vector_validity(vector, 0, this.#validity, 0, Math.ceil(rows / 64) * 8);
  }

  #encode(first: number, rows: number): void {
    const { column } = this;
    switch (column.type) {
      case 'float64':
        new Float64Array(this.#buffer).set(column.values.subarray(first, first + rows));
        return;
      case 'bool':
        new Uint8Array(this.#buffer).set(column.values.subarray(first, first + rows));
        return;
      case 'date':
        encodeDays(column.values, first, rows, new Int32Array(this.#buffer));
        return;
      case 'string':
        encodeRecords(column.values, first, rows, this.#records!, new Uint8Array(this.#buffer));
        return;
      default:
        if (isWideInteger(column))
          new BigInt64Array(this.#buffer).set(column.values.subarray(first, first + rows));
        else encodeIntegers(column.values, first, rows, new Int32Array(this.#buffer));
    }
  }
}

function encodeDays(values: Float64Array, first: number, rows: number, out: Int32Array): void {
  for (let row = 0; row < rows; row++) out[row] = Math.floor(values[first + row]! / DAY_MICROS);
}

/** Whole doubles as little-endian 64-bit integers. */
function encodeIntegers(values: Float64Array, first: number, rows: number, out: Int32Array): void {
  for (let row = 0; row < rows; row++) {
    const value = values[first + row]!;
    const high = Math.floor(value / HIGH);
    out[2 * row] = (value - high * HIGH) | 0;
    out[2 * row + 1] = high;
  }
}

function encodeRecords(
  codes: Uint32Array,
  first: number,
  rows: number,
  records: Uint8Array,
  out: Uint8Array,
): void {
  const from = new Float64Array(records.buffer);
  const to = new Float64Array(out.buffer);
  const entries = from.length / 2;
  for (let row = 0; row < rows; row++) {
    // A null row's code means nothing and may be beyond an empty dictionary.
    const code = codes[first + row]! < entries ? codes[first + row]! : 0;
    to[2 * row] = from[2 * code] ?? 0;
    to[2 * row + 1] = from[2 * code + 1] ?? 0;
  }
}

function stringRecords(dictionary: readonly string[], long: Map<number, Uint8Array>): Uint8Array {
  const records = new Uint8Array(Math.max(1, dictionary.length) * STRING_BYTES);
  const view = new DataView(records.buffer);
  dictionary.forEach((text, code) => {
    const bytes = encoder.encode(text);
    if (bytes.length > INLINE_BYTES) {
      long.set(code, bytes);
      return;
    }
    view.setUint32(code * STRING_BYTES, bytes.length, true);
    records.set(bytes, code * STRING_BYTES + 4);
  });
  return records;
}

function packBits(validity: Uint8Array, first: number, rows: number, out: Uint8Array): void {
  out.fill(0);
  for (let row = 0; row < rows; row++) out[row >> 3] = out[row >> 3]! | (validity[first + row]! << (row & 7));
}
