import type { PeekedTable } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { cellToJson } from '../../shared/table/column.ts';
import { fromFiles, type ImportSource } from './import/stage-part.ts';
import type { TableFormat } from './reader/foreign-file.ts';
import { gathered } from './table-file.ts';

const PEEKED_ROWS = 20;
const TIME_LIMIT_MS = 20_000;

export interface PeekOptions {
  readonly format?: TableFormat | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The columns of a source and its first rows, whatever its length; nothing of it is kept. Throws what reading throws, and
 * TIMED_OUT for a source that takes more than twenty seconds to show them.
 */
export async function peekTable(
  files: readonly string[],
  { format, signal }: PeekOptions,
  read: ImportSource = fromFiles(),
): Promise<PeekedTable> {
  const limit = AbortSignal.timeout(TIME_LIMIT_MS);
  try {
    const { columns, rows } = await read(
      files,
      { format, every: 1, signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) },
      (table) => gathered({ ...table, groups: firstOf(table.groups), expectedRows: null }),
    );
    return {
      columns: columns.map(({ name, type }) => ({ name, type })),
      rows: Array.from({ length: Math.min(PEEKED_ROWS, rows) }, (_, row) =>
        columns.map((column) => cellToJson(column, row)),
      ),
    };
  } catch (error) {
    if (!limit.aborted) throw error;
    throw new FalajError('TIMED_OUT', 'The first rows took too long to come.', {
      hint: 'Import it without looking first: imports may take as long as they need.',
      cause: error,
    });
  }
}

async function* firstOf<One>(all: AsyncIterable<One>): AsyncGenerator<One> {
  for await (const one of all) {
    yield one;
    return;
  }
}
