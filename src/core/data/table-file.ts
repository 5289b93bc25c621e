import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { FalajError } from '../../shared/errors.ts';
import type { Column, Table } from '../../shared/table/column.ts';
import { VERSION } from '../../shared/version.ts';
import { diskError } from '../store/index.ts';
import { assembleColumn, type LogicalValues } from './duckdb/logical.ts';
import { DuckSession, firstSentence, sqlText } from './duckdb/session.ts';
import { TableLoader } from './duckdb/table-loader.ts';
import { writeParquet } from './parquet/write-parquet.ts';
import type { TableFormat } from './reader/foreign-file.ts';
import { readFiles } from './reader/read-files.ts';

export type FileFormat = TableFormat;

export interface ReadTableOptions {
  readonly format?: FileFormat | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

const WRITE_MEMORY_BYTES = 4 * 2 ** 30;
const TABLE = 'falaj_rows';

/** A whole file as a table in memory, read in the isolated child. */
export function readTableFile(file: string, options: ReadTableOptions = {}): Promise<Table> {
  return readFiles({ ...options, files: [file] }, async ({ schema, groups }) => {
    const pieces = schema.map((): { values: LogicalValues; validity: Uint8Array | null }[] => []);
    const dictionaries = schema.map((): string[] => []);
    let rows = 0;
    for await (const group of groups) {
      rows += group.rows;
      group.columns.forEach((column, index) => {
        pieces[index]!.push({ values: column.values.slice(), validity: column.validity?.slice() ?? null });
        for (const entry of column.fresh) dictionaries[index]!.push(entry);
      });
    }
    const columns: Column[] = schema.map(({ name, type }, index) =>
      assembleColumn(name, type, pieces[index]!, dictionaries[index]!),
    );
    return { rows, columns };
  });
}

/** What DuckDB writes for us; Parquet we write ourselves. */
const COPY_OPTIONS: Readonly<Record<Exclude<FileFormat, 'arrow' | 'parquet'>, string>> = {
  csv: 'FORMAT csv, HEADER true',
  tsv: "FORMAT csv, HEADER true, DELIMITER '\t'",
  ndjson: 'FORMAT json',
};

/**
 * Writes a table in the clear: under another name first, renamed when whole and durable. The caller has recorded that it
 * leaves. Throws DISK_FULL, FILE_UNREADABLE, UNSUPPORTED_FORMAT.
 */
export async function writeTableFile(
  table: Table,
  file: string,
  format: FileFormat,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (rows: number) => void } = {},
): Promise<void> {
  if (format === 'arrow') {
    throw new FalajError('UNSUPPORTED_FORMAT', 'Tables cannot be written as Arrow yet.', {
      hint: 'Choose Parquet.',
    });
  }
  const target = path.resolve(file);
  const draft = `${target}.${randomBytes(6).toString('hex')}.part`;
  // Opened by us first, so that a folder that is missing or closed is told in our words.
  await (
    await open(draft, 'wx', 0o600).catch((error: unknown) => {
      throw diskError(error, target);
    })
  ).close();
  try {
    if (format !== 'parquet') await copyOut(table, draft, COPY_OPTIONS[format], options.signal);
    const handle = await open(draft, 'r+');
    try {
      if (format === 'parquet')
        await writeParquet(handle, table, { ...options, createdBy: `Falaj ${VERSION}` });
      await handle.sync();
    } catch (error) {
      throw diskError(error, target);
    } finally {
      await handle.close();
    }
    await rename(draft, target);
    if (format !== 'parquet') options.onProgress?.(table.rows);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function copyOut(
  table: Table,
  draft: string,
  copyOptions: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const session = await DuckSession.open({
    memoryLimitBytes: Math.min(WRITE_MEMORY_BYTES, Math.floor(os.totalmem() / 2)),
    threads: Math.min(4, os.availableParallelism()),
    allowedPaths: [draft],
  });
  try {
    await new TableLoader(session, TABLE, table).load(0, table.rows);
    signal?.throwIfAborted();
    await session
      .run(`COPY ${TABLE} TO ${sqlText(draft)} (${copyOptions}, USE_TMP_FILE false)`)
      .catch((error: unknown) => {
        throw writeFailure(error, draft);
      });
  } finally {
    session.close();
  }
}

function writeFailure(error: unknown, file: string): FalajError {
  const message = firstSentence(error);
  if (/No space left|ENOSPC/i.test(message)) {
    return new FalajError('DISK_FULL', `There is no space left to write ${path.dirname(file)}.`, {
      hint: 'Free some space and try again.',
      cause: error,
    });
  }
  return new FalajError('DISK_FAILED', `The table could not be written: ${message}.`, { cause: error });
}
