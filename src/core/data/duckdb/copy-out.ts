import os from 'node:os';
import path from 'node:path';
import { FalajError } from '../../../shared/errors.ts';
import { isPresent, type Table } from '../../../shared/table/column.ts';
import type { TableFormat } from '../reader/foreign-file.ts';
import { DuckSession } from './session.ts';
import { firstSentence, sqlText } from './sql-text.ts';
import { TableLoader } from './table-loader.ts';

type TextFormat = Exclude<TableFormat, 'arrow' | 'parquet'>;

const WRITE_MEMORY_BYTES = 4 * 2 ** 30;
const TABLE = 'falaj_rows';

/** Text says its times as ISO-8601 in UTC, with microseconds only where there are any. */
function copyOptions(format: TextFormat, table: Table): string {
  const times = `TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S${hasFractions(table) ? '.%f' : ''}Z'`;
  if (format === 'ndjson') return `FORMAT json, ${times}`;
  return `FORMAT csv, HEADER true, ${times}${format === 'tsv' ? ", DELIMITER '\t'" : ''}`;
}

const hasFractions = (table: Table): boolean =>
  table.columns.some(
    (column) =>
      column.type === 'timestamp' &&
      column.values.some((value, row) => value % 1_000_000 !== 0 && isPresent(column, row)),
  );

/** Writes text formats through DuckDB. Throws DISK_FULL or DISK_FAILED. */
export async function copyOut(
  table: Table,
  draft: string,
  format: TextFormat,
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
      .run(`COPY ${TABLE} TO ${sqlText(draft)} (${copyOptions(format, table)}, USE_TMP_FILE false)`)
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
