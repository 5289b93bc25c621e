import type { FileHandle } from 'node:fs/promises';
import type { Table } from '../../shared/table/column.ts';
import { presentColumn } from '../../shared/table/present-column.ts';
import { encodeChunk } from './encode-chunk.ts';
import { encodeRows } from './encode-column.ts';
import { ParquetWriter } from './parquet-writer.ts';
import { ColumnTexts } from './text-values.ts';

/** Rows of a group, each column of which is one page: about a megabyte for eight-byte values. */
export const GROUP_ROWS = 131_072;
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
  const columns = table.columns.map((column) => ({
    column,
    texts: column.type === 'string' ? new ColumnTexts(column.dictionary) : undefined,
  }));
  const writer = await ParquetWriter.open(handle);
  for (let first = 0; first < table.rows; first += GROUP_ROWS) {
    const end = Math.min(table.rows, first + GROUP_ROWS);
    for (let from = 0; from < columns.length; from += CONCURRENT_COLUMNS) {
      signal?.throwIfAborted();
      const some = columns.slice(from, from + CONCURRENT_COLUMNS);
      const chunks = await Promise.all(
        some.map(({ column, texts }) => encodeChunk(encodeRows(presentColumn(column, first, end), texts))),
      );
      for (const [index, chunk] of chunks.entries()) await writer.add(from + index, chunk);
    }
    onProgress?.(end);
  }
  await writer.finish(table.columns, createdBy);
}
