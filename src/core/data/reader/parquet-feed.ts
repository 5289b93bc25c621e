import zlib from 'node:zlib';
import {
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type SchemaElement,
} from 'hyparquet';
import { FalajError } from '../../../shared/errors.ts';
import type { ColumnSchema, ColumnType, Table } from '../../../shared/table/column.ts';
import { decodeLz4Block } from '../arrow/lz4-frame.ts';
import { buildColumn, type PlainValue } from '../build-column.ts';
import { INT64_MAX } from '../int64-range.ts';
import { microsOfNanos } from './exact-times.ts';
import type { TableFeed } from './fed-source.ts';
import type { RemoteFile } from './remote-file.ts';

const DAY_MICROS = 86_400_000_000;
/** Rows that are decoded at a time, where a row group holds more. */
const BATCH_ROWS = 65_536;

const COMPRESSORS: Compressors = {
  GZIP: (bytes) => zlib.gunzipSync(bytes),
  BROTLI: (bytes) => zlib.brotliDecompressSync(bytes),
  ZSTD: (bytes) => zlib.zstdDecompressSync(bytes),
  LZ4_RAW: decodeLz4Block,
};

/** Times in microseconds, exactly; the library's own Date would cut them to milliseconds. */
const PARSERS = {
  timestampFromMilliseconds: (millis: bigint) => Number(millis) * 1_000,
  timestampFromMicroseconds: (micros: bigint) => Number(micros),
  /** Rounded or refused with the column's name at hand. */
  timestampFromNanoseconds: (nanos: bigint) => nanos,
  dateFromDays: (days: number) => days * DAY_MICROS,
};

interface ParquetColumn extends ColumnSchema {
  readonly note: string | null;
  readonly exact: boolean;
}

interface OpenFile {
  readonly name: string;
  readonly buffer: { readonly byteLength: number; slice(start: number, end?: number): Promise<ArrayBuffer> };
  readonly metadata: FileMetaData;
}

/**
 * Parquet that lies where DuckDB may not reach: its end is read first, then the columns of a stretch of rows at a time, each
 * in ranges of the file.
 */
export async function openParquetFeed(
  files: readonly { readonly name: string; readonly file: RemoteFile }[],
  exactTimes: readonly string[],
): Promise<TableFeed> {
  const open: OpenFile[] = [];
  for (const { name, file } of files) open.push(await openFile(name, file));
  const columns = columnsOf(open[0]!, exactTimes);
  for (const other of open.slice(1)) assertSameShape(columns, other);
  return {
    schema: columns.map(({ name, type }) => ({ name, type })),
    expectedRows: open.reduce((sum, { metadata }) => sum + Number(metadata.num_rows), 0),
    notes: columns.flatMap(({ note }) => (note === null ? [] : [note])),
    tables: async function* () {
      for (const file of open) yield* tablesOf(file, columns);
    },
  };
}

async function openFile(name: string, file: RemoteFile): Promise<OpenFile> {
  const buffer = {
    byteLength: file.sizeBytes,
    slice: async (start: number, end = file.sizeBytes) =>
      (await file.read(start, Math.min(end, file.sizeBytes))).buffer,
  };
  try {
    return { name, buffer, metadata: await parquetMetadataAsync(buffer, { geoparquet: false }) };
  } catch (error) {
    throw new FalajError('MALFORMED_FILE', `"${name}" is not a whole Parquet file.`, {
      hint: 'It may have been cut off on its way, or be something else.',
      cause: error,
    });
  }
}

async function* tablesOf(file: OpenFile, columns: readonly ParquetColumn[]): AsyncGenerator<Table> {
  let groupStart = 0;
  for (const group of file.metadata.row_groups) {
    const groupEnd = groupStart + Number(group.num_rows);
    for (let first = groupStart; first < groupEnd; first += BATCH_ROWS)
      yield await tableOf(file, columns, { first, end: Math.min(groupEnd, first + BATCH_ROWS) });
    groupStart = groupEnd;
  }
}

async function tableOf(
  { name, buffer, metadata }: OpenFile,
  columns: readonly ParquetColumn[],
  { first, end }: { first: number; end: number },
): Promise<Table> {
  const found = columns.map(() => new Array<unknown>(end - first).fill(null));
  const slots = new Map(columns.map((column, index) => [column.name, index]));
  await parquetRead({
    file: buffer,
    metadata,
    rowStart: first,
    rowEnd: end,
    compressors: COMPRESSORS,
    parsers: PARSERS,
    geoparquet: false,
    onChunk: ({ columnName, columnData, rowStart }) => {
      const values = found[slots.get(columnName) ?? -1];
      if (values === undefined) return;
      // A chunk may begin before the rows asked for, and end after them.
      for (let row = Math.max(first, rowStart); row < Math.min(end, rowStart + columnData.length); row++)
        values[row - first] = columnData[row - rowStart] ?? null;
    },
  });
  return {
    rows: end - first,
    columns: columns.map((column, index) =>
      buildColumn(
        column,
        found[index]!.map((value) => plain(name, column, value)),
      ),
    ),
  };
}

function plain(file: string, column: ParquetColumn, found: unknown): PlainValue {
  const { name, type } = column;
  const value =
    type === 'timestamp' && typeof found === 'bigint' ? Number(microsOfNanos(found, column)) : found;
  if (value === null) return null;
  if (type === 'string') return typeof value === 'string' ? value : JSON.stringify(value, bigintsAsText);
  if (type === 'bool' && typeof value === 'boolean') return value;
  const inRange = typeof value === 'bigint' ? value <= INT64_MAX : typeof value === 'number';
  const exact = (type !== 'timestamp' && type !== 'date') || Math.abs(Number(value)) <= 2 ** 53;
  if (inRange && exact) return value as number | bigint;
  throw new FalajError(
    'TYPE_MISMATCH',
    `Column "${name}" of "${file}" holds a value beyond the range of ${type}.`,
    {
      hint: 'Cast the column before writing the file.',
      details: { column: name },
    },
  );
}

const bigintsAsText = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

function columnsOf({ metadata }: OpenFile, exactTimes: readonly string[]): ParquetColumn[] {
  return parquetSchema(metadata).children.map(({ element, children }) => {
    const { name } = element;
    const exact = exactTimes.includes(name);
    if (children.length > 0 || element.repetition_type === 'REPEATED')
      return { name, exact, type: 'string', note: `Column "${name}": nested values were read as text.` };
    const { type, note } = typeOf(element);
    return { name, exact, type, note: exact ? null : note };
  });
}

function typeOf(element: SchemaElement): { type: ColumnType; note: string | null } {
  const { name, type, converted_type: converted, logical_type: logical } = element;
  const is = (columnType: ColumnType, note: string | null = null) => ({ type: columnType, note });
  if (converted === 'DECIMAL')
    return is('float64', `Column "${name}": decimal numbers were read as float64.`);
  if (converted === 'DATE' || logical?.type === 'DATE') return is('date');
  if (logical?.type === 'TIMESTAMP' || /^TIMESTAMP/.test(converted ?? '') || type === 'INT96') {
    const nanos = type === 'INT96' || (logical?.type === 'TIMESTAMP' && logical.unit === 'NANOS');
    return is('timestamp', nanos ? `Column "${name}": nanoseconds were cut to microseconds.` : null);
  }
  if (logical?.type === 'FLOAT16') return is('float64');
  if (/^TIME/.test(converted ?? '') || logical?.type === 'TIME')
    return is('int64', `Column "${name}": times of day were read as whole numbers.`);
  if (type === 'BOOLEAN') return is('bool');
  if (type === 'INT32' || type === 'INT64') return is('int64');
  if (type === 'FLOAT' || type === 'DOUBLE') return is('float64');
  if (type === 'BYTE_ARRAY' || logical?.type === 'UUID') return is('string');
  throw new FalajError(
    'TYPE_MISMATCH',
    `Column "${name}" holds binary values, which no column here can hold.`,
    {
      hint: 'Leave it out when writing the file.',
      details: { column: name },
    },
  );
}

function assertSameShape(columns: readonly ParquetColumn[], other: OpenFile): void {
  const shape = (all: readonly ParquetColumn[]): string =>
    JSON.stringify(all.map(({ name, type }) => [name, type]));
  if (shape(columnsOf(other, [])) === shape(columns)) return;
  throw new FalajError('TYPE_MISMATCH', `"${other.name}" has other columns than the first file.`, {
    hint: 'Files that are imported together need the same columns, in the same order, of the same types.',
  });
}
