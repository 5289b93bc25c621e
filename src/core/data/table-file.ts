import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ColumnSchema, Table } from '../../shared/table/column.ts';
import { VERSION } from '../../shared/version.ts';
import { writeParquet } from '../parquet/index.ts';
import { diskError } from '../store/index.ts';
import type { TableMemory } from './duckdb/logical.ts';
import { assertOutputFile } from './output-file.ts';
import type { TableFormat } from './reader/foreign-file.ts';
import { type ForeignTable, readFiles, readPiped } from './reader/read-files.ts';
import type { StartReader } from './reader/reader-processes.ts';

import { TableBuilder } from './table-builder.ts';

export type FileFormat = TableFormat;

export interface ReadTableOptions {
  readonly format?: FileFormat | undefined;
  readonly columns?: readonly string[] | undefined;
  /** Columns whose times are refused when they are finer than a microsecond. */
  readonly exactTimes?: readonly string[] | undefined;
  /** Where the columns lie: in memory of their own unless said. */
  readonly memory?: TableMemory | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where the process that reads it comes from; a new one unless said. */
  readonly start?: StartReader | undefined;
  /** Work that begins once that process has been asked to read, and goes first: rows are taken after it. It never fails. */
  readonly meanwhile?: (() => Promise<void>) | undefined;
}

/** A whole file as a table in memory, read in the isolated child. */
export const readTableFile = (file: string, options: ReadTableOptions = {}): Promise<Table> =>
  readFiles({ ...options, files: [file] }, (table) => gathered(table, options.memory));

/** An Arrow stream that is still arriving as a table in memory, read in the isolated child. */
export const readTableStream = (
  input: Readable,
  options: Pick<ReadTableOptions, 'exactTimes' | 'memory' | 'signal'> = {},
): Promise<Table> => readPiped({ ...options, input }, (table) => gathered(table, options.memory));

/** Tables of one schema as an Arrow stream, encoded as fast as it is taken. */
export async function tablesAsArrow(
  columns: readonly ColumnSchema[],
  tables: AsyncIterable<Table> | Iterable<Table>,
): Promise<AsyncGenerator<Uint8Array>> {
  const { arrowBytes } = await import('./arrow/write-arrow.ts');
  return arrowBytes(columns, tables, 'stream');
}

export const tableAsArrow = (table: Table): Promise<AsyncGenerator<Uint8Array>> =>
  tablesAsArrow(table.columns, [table]);

/** All rows that a source hands over, in memory. */
export async function gathered(
  { schema, groups, expectedRows }: ForeignTable,
  memory: TableMemory = 'own',
): Promise<Table> {
  const builder = new TableBuilder(schema, expectedRows, memory);
  for await (const group of groups) builder.add(group);
  return builder.table();
}

export interface WriteTableOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (rows: number) => void;
}

/** A file that lies whole and durable beside its place, and takes it in one step or leaves no trace. */
export interface StagedFile {
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/** Writes a table in the clear. The caller has recorded that it leaves. Throws as {@link stageTableFile} does. */
export async function writeTableFile(
  table: Table,
  file: string,
  format: FileFormat,
  options: WriteTableOptions = {},
): Promise<void> {
  await (await stageTableFile(table, file, format, options)).commit();
}

/** Writes a table under another name than its own. Throws DISK_FULL, FILE_UNREADABLE, UNSUPPORTED_FORMAT. */
export async function stageTableFile(
  table: Table,
  file: string,
  format: FileFormat,
  options: WriteTableOptions = {},
): Promise<StagedFile> {
  const { staged } = await stageFile(file, async (handle, draft) => {
    if (format === 'parquet')
      await writeParquet(handle, table, { ...options, createdBy: `Falaj ${VERSION}` });
    else if (format === 'arrow') await writeArrow(table, draft, path.resolve(file), options.signal);
    else await (await import('./duckdb/copy-out.ts')).copyOut(table, draft, format, options.signal);
  });
  if (format !== 'parquet') options.onProgress?.(table.rows);
  return staged;
}

/**
 * Writes a file under another name than its own. Throws DISK_FULL, FILE_UNREADABLE.
 *
 * @param write fills the empty file, through its handle or by its name.
 */
export async function stageFile<Result>(
  file: string,
  write: (handle: FileHandle, draft: string) => Promise<Result>,
): Promise<{ readonly staged: StagedFile; readonly result: Result }> {
  await assertOutputFile(file);
  const target = path.resolve(file);
  const draft = `${target}.${randomBytes(6).toString('hex')}.part`;
  // Opened by us first, so that a folder that is missing or closed is told in our words.
  const handle = await open(draft, 'wx', 0o600).catch((error: unknown) => {
    throw diskError(error, target);
  });
  const discard = (): Promise<void> => rm(draft, { force: true });
  const written = async (): Promise<Result> => {
    try {
      const result = await write(handle, draft);
      await handle.sync();
      return result;
    } catch (error) {
      throw diskError(error, target);
    } finally {
      await handle.close();
    }
  };
  const result = await written().catch(async (error: unknown) => {
    await discard();
    throw error;
  });
  const commit = async (): Promise<void> => {
    try {
      await rename(draft, target);
    } catch (error) {
      await discard();
      throw diskError(error, target);
    }
  };
  return { staged: { commit, discard }, result };
}

async function writeArrow(
  table: Table,
  draft: string,
  target: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Loaded when needed: most commands never write Arrow.
  const { arrowBytes } = await import('./arrow/write-arrow.ts');
  const form = path.extname(target).toLowerCase() === '.arrows' ? 'stream' : 'file';
  const bytes = Readable.from(arrowBytes(table.columns, [table], form), { objectMode: false });
  await pipeline(bytes, createWriteStream(draft), signal === undefined ? {} : { signal }).catch(
    (error: unknown) => {
      throw diskError(error, target);
    },
  );
}
