import type { FileHandle } from 'node:fs/promises';
import type { ColumnSchema, Table } from '../../../shared/table/column.ts';
import { ColumnEncoder, type EncodedRows } from './encode-column.ts';
import { type ChunkPlace, dataHeader, dictionaryHeader, fileFooter, type GroupPlace } from './metadata.ts';
import { compressDictionary, PageCompressor } from './page-compressor.ts';

const MAGIC = Buffer.from('PAR1');
/** Rows of a group, each column of which is one page: about a megabyte for eight-byte values. */
const GROUP_ROWS = 122_880;
/** Columns in memory at a time; they are compressed side by side on the threads of libuv. */
const CONCURRENT_COLUMNS = 8;

export interface WriteParquetOptions {
  readonly createdBy: string;
  readonly signal?: AbortSignal | undefined;
  /** Told after each row group. */
  readonly onProgress?: ((rows: number) => void) | undefined;
}

/**
 * Writes a table as Parquet (Apache Parquet format, data pages of version 2, Zstandard, dictionaries for text that repeats,
 * statistics per row group). DuckDB's own writer takes several times as long, since every value is first copied into one
 * of its tables. Bounded memory: one row group of a few columns beside the table.
 */
export async function writeParquet(
  handle: FileHandle,
  table: Table,
  { createdBy, signal, onProgress }: WriteParquetOptions,
): Promise<void> {
  const encoders = table.columns.map((column) => ({
    encoder: new ColumnEncoder(column),
    compressor: new PageCompressor(),
  }));
  const groups: GroupPlace[] = [];
  let offset = await append(handle, [MAGIC]);
  for (let first = 0; first < table.rows; first += GROUP_ROWS) {
    const rows = Math.min(GROUP_ROWS, table.rows - first);
    const chunks: ChunkPlace[] = [];
    for (let from = 0; from < encoders.length; from += CONCURRENT_COLUMNS) {
      signal?.throwIfAborted();
      const pages = await Promise.all(
        encoders
          .slice(from, from + CONCURRENT_COLUMNS)
          .map(({ encoder, compressor }) => pagesOf(encoder.encode(first, rows), compressor)),
      );
      for (const [index, page] of pages.entries()) {
        const { name, type } = table.columns[from + index]!;
        chunks.push(placeOf(page, { name, type }, offset));
        offset += await append(handle, page.parts);
      }
    }
    groups.push({ rows, chunks });
    onProgress?.(first + rows);
  }
  const footer = fileFooter(
    table.columns.map(({ name, type }) => ({ name, type })),
    groups,
    createdBy,
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  await append(handle, [footer, length, MAGIC]);
}

interface ChunkPages {
  readonly encoded: EncodedRows;
  readonly dictionaryBytes: number;
  readonly storedBytes: number;
  readonly plainBytes: number;
  readonly parts: readonly Uint8Array[];
}

async function pagesOf(encoded: EncodedRows, compressor: PageCompressor): Promise<ChunkPages> {
  const { dictionary, levels, values } = encoded;
  const [entries, packed] = await Promise.all([
    dictionary === null ? null : compressDictionary(dictionary.bytes),
    compressor.pack(values),
  ]);
  const stored = packed ?? values;
  const before =
    dictionary === null || entries === null
      ? []
      : [dictionaryHeader(dictionary.entries, dictionary.bytes.length, entries.length), entries];
  const header = dataHeader(encoded, stored.length, packed !== null);
  const parts = [...before, header, levels, stored];
  const storedBytes = lengthOf(parts);
  return {
    encoded,
    dictionaryBytes: lengthOf(before),
    storedBytes,
    plainBytes:
      storedBytes +
      (values.length - stored.length) +
      ((dictionary?.bytes.length ?? 0) - (entries?.length ?? 0)),
    parts,
  };
}

const placeOf = (page: ChunkPages, column: ColumnSchema, offset: number): ChunkPlace => ({
  column,
  rows: page.encoded.rows,
  nulls: page.encoded.nulls,
  range: page.encoded.range,
  encoding: page.encoded.encoding,
  dictionaryOffset: page.dictionaryBytes === 0 ? null : offset,
  dataOffset: offset + page.dictionaryBytes,
  storedBytes: page.storedBytes,
  plainBytes: page.plainBytes,
});

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);

/** Writes all the parts at the file's end; returns their length. */
async function append(handle: FileHandle, parts: readonly Uint8Array[]): Promise<number> {
  const bytes = lengthOf(parts);
  const { bytesWritten } = await handle.writev(parts as Uint8Array[]);
  if (bytesWritten === bytes) return bytes;
  // A short write means that the disk is about to be full; the rest makes the system say so.
  const rest = Buffer.concat(parts).subarray(bytesWritten);
  for (let at = 0; at < rest.length; ) at += (await handle.write(rest, at)).bytesWritten;
  return bytes;
}
