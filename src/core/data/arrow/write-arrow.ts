import {
  AsyncByteQueue,
  Bool,
  type Data,
  type DataType,
  DateDay,
  Field,
  Float64,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
} from 'apache-arrow';
import { type Column, type ColumnSchema, isWideInteger, type Table } from '../../../shared/table/column.ts';

const DAY_MICROS = 86_400_000_000;
/** Rows of one record batch at most: what a reader has to hold at a time. */
const BATCH_ROWS = 65_536;
const encoder = new TextEncoder();

/** A file can be read in any order, and a stream as it arrives. */
export type ArrowForm = 'file' | 'stream';

/**
 * Tables of one schema as Arrow bytes, a record batch at a time: nothing is encoded before it is asked for. Text is plain
 * (not dictionary-encoded), times are microseconds in UTC.
 */
export async function* arrowBytes(
  columns: readonly ColumnSchema[],
  tables: AsyncIterable<Table> | Iterable<Table>,
  form: ArrowForm,
): AsyncGenerator<Uint8Array> {
  const schema = new Schema(columns.map(({ name, type }) => new Field(name, arrowType(type), true)));
  const writer = form === 'file' ? new RecordBatchFileWriter() : new RecordBatchStreamWriter();
  const sink = new Collected();
  writer.reset(sink, schema);
  yield* sink.taken();
  for await (const table of tables) {
    const buffers = table.columns.map(batchEncoder);
    for (let first = 0; first < table.rows; first += BATCH_ROWS) {
      const rows = Math.min(BATCH_ROWS, table.rows - first);
      const children = buffers.map((encode) => encode(first, rows));
      writer.write(
        new RecordBatch(
          schema,
          makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children }),
        ),
      );
      yield* sink.taken();
    }
  }
  writer.close();
  yield* sink.taken();
}

/** What the writer wrote since it was last asked. */
class Collected extends AsyncByteQueue {
  #parts: Uint8Array[] = [];

  override write(part: Uint8Array): void {
    this.#parts.push(part);
  }

  taken(): Uint8Array[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }
}

function arrowType(type: ColumnSchema['type']): DataType {
  switch (type) {
    case 'float64':
      return new Float64();
    case 'int64':
      return new Int64();
    case 'bool':
      return new Bool();
    case 'string':
      return new Utf8();
    case 'timestamp':
      return new TimestampMicrosecond('UTC');
    case 'date':
      return new DateDay();
  }
}

type BatchEncoder = (first: number, rows: number) => Data;

/** Lays stretches of one column out as Arrow does. */
function batchEncoder(column: Column): BatchEncoder {
  const values = valueEncoder(column);
  const type = arrowType(column.type);
  return (first, rows) => {
    const { validity } = column;
    const present = validity?.subarray(first, first + rows) ?? null;
    const nullCount = present === null ? 0 : present.reduce((nulls, one) => nulls + 1 - one, 0);
    const nullBitmap = present === null || nullCount === 0 ? null : packedBits(present);
    return makeData({
      type,
      length: rows,
      nullCount,
      nullBitmap,
      ...values(first, rows, present),
    } as Parameters<typeof makeData>[0]);
  };
}

interface EncodedValues {
  readonly data: ArrayBufferView;
  readonly valueOffsets?: Int32Array;
}

function valueEncoder(
  column: Column,
): (first: number, rows: number, present: Uint8Array | null) => EncodedValues {
  switch (column.type) {
    case 'string':
      return textEncoder(column.dictionary, column.values);
    case 'bool':
      return (first, rows) => ({ data: packedBits(column.values.subarray(first, first + rows)) });
    case 'float64':
      return (first, rows) => ({ data: column.values.slice(first, first + rows) });
    case 'date':
      return (first, rows) => ({
        data: Int32Array.from({ length: rows }, (_, row) =>
          Math.floor(column.values[first + row]! / DAY_MICROS),
        ),
      });
    default:
      if (isWideInteger(column)) return (first, rows) => ({ data: column.values.slice(first, first + rows) });
      return (first, rows) => ({ data: wholeNumbers(column.values.subarray(first, first + rows)) });
  }
}

function wholeNumbers(values: Float64Array): BigInt64Array {
  const out = new BigInt64Array(values.length);
  for (let row = 0; row < out.length; row++) out[row] = BigInt(values[row]!);
  return out;
}

/** Entries are encoded once, and copied for each row. */
function textEncoder(dictionary: readonly string[], codes: Uint32Array) {
  const entries: (Uint8Array | undefined)[] = [];
  const entry = (code: number): Uint8Array => (entries[code] ??= encoder.encode(dictionary[code] ?? ''));
  return (first: number, rows: number, present: Uint8Array | null): EncodedValues => {
    const valueOffsets = new Int32Array(rows + 1);
    const texts = Array.from({ length: rows }, (_, row) =>
      present !== null && present[row] === 0 ? EMPTY : entry(codes[first + row]!),
    );
    texts.forEach((text, row) => {
      valueOffsets[row + 1] = valueOffsets[row]! + text.length;
    });
    const data = new Uint8Array(valueOffsets[rows]!);
    texts.forEach((text, row) => {
      data.set(text, valueOffsets[row]!);
    });
    return { data, valueOffsets };
  };
}

const EMPTY = new Uint8Array(0);

function packedBits(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / 8));
  for (let row = 0; row < bytes.length; row++) out[row >> 3] = out[row >> 3]! | (bytes[row]! << (row & 7));
  return out;
}
