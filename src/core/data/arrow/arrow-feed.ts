import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { type RecordBatch, RecordBatchReader, type Schema } from 'apache-arrow';
import { FalajError } from '../../../shared/errors.ts';
import type { Table } from '../../../shared/table/column.ts';
import type { TableFeed } from '../reader/fed-source.ts';
import type { RemoteFile } from '../reader/remote-file.ts';
import { malformedArrow, toColumn } from './arrow-columns.ts';
import { type ArrowColumn, planArrowColumn } from './arrow-types.ts';
import { registerCodecs } from './codecs.ts';

/** A file's path, a stream, or a file elsewhere. */
export type ArrowInput =
  | string
  | NodeJS.ReadableStream
  | { readonly name: string; readonly file: RemoteFile };

type Reader = Awaited<ReturnType<typeof openReader>>;

/** The record batches of Arrow files (or of one stream), files and streams being told apart by their first bytes. */
export async function openArrowFeed(
  sources: readonly ArrowInput[],
  exactTimes: readonly string[] = [],
): Promise<TableFeed> {
  registerCodecs();
  const first = await openReader(sources[0]!);
  const columns = first.schema.fields.map((field) => planArrowColumn(field, exactTimes));
  return {
    schema: columns.map(({ name, type }) => ({ name, type })),
    expectedRows: null,
    notes: columns.flatMap(({ note }) => (note === null ? [] : [note])),
    tables: async function* () {
      yield* batches(first, columns);
      for (const file of sources.slice(1)) {
        const next = await openReader(file);
        assertSameShape(columns, next.schema, file);
        yield* batches(next, columns);
      }
    },
  };
}

async function openReader(source: ArrowInput) {
  const reader = await readerOf(source);
  await reader.open();
  // A source without a schema leaves it undefined, whatever its type says.
  if ((reader.schema as Schema | undefined) === undefined) {
    throw new FalajError('MALFORMED_FILE', 'The data is not Arrow: it does not begin with a schema.', {
      hint: 'Write it with pyarrow.ipc, pandas.to_feather or polars.write_ipc.',
    });
  }
  if (reader.schema.fields.length === 0) throw malformedArrow('it has no columns');
  return reader;
}

async function readerOf(source: ArrowInput) {
  if (typeof source === 'string') return RecordBatchReader.from(await open(source, 'r'));
  return 'file' in source
    ? RecordBatchReader.from(asFileHandle(source.file))
    : RecordBatchReader.from(source);
}

/** The part of a file handle that the library uses; by its `fd` it knows that it is one. */
const asFileHandle = (file: RemoteFile): FileHandle =>
  ({
    fd: -1,
    stat: async () => ({ size: file.sizeBytes }),
    read: async (buffer: Uint8Array, offset: number, length: number, position: number) => {
      const bytes = await file.read(position, Math.min(file.sizeBytes, position + length));
      buffer.set(bytes, offset);
      return { bytesRead: bytes.length, buffer };
    },
    close: async () => undefined,
  }) as unknown as FileHandle;

async function* batches(reader: Reader, columns: readonly ArrowColumn[]): AsyncGenerator<Table> {
  for await (const batch of reader as AsyncIterable<RecordBatch>) {
    if (batch.numRows === 0) continue;
    const pieces = batch.data.children;
    yield {
      rows: batch.numRows,
      columns: columns.map((column, index) => {
        const piece = pieces[index];
        if (piece === undefined || piece.length !== batch.numRows)
          throw malformedArrow(`column "${column.name}" has another number of rows`);
        return toColumn(piece, column);
      }),
    };
  }
}

function assertSameShape(columns: readonly ArrowColumn[], schema: Schema, source: ArrowInput): void {
  const other = schema.fields.map((field) => planArrowColumn(field, []));
  const same =
    other.length === columns.length &&
    other.every(({ name, type }, index) => name === columns[index]!.name && type === columns[index]!.type);
  if (same) return;
  const name =
    typeof source === 'string' ? path.basename(source) : 'name' in source ? source.name : 'the data';
  throw new FalajError('TYPE_MISMATCH', `"${name}" has other columns than the first file.`, {
    hint: 'Files that are imported together need the same columns, in the same order, of the same types.',
  });
}
