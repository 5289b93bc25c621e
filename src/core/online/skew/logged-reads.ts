import { setImmediate as nextTurn } from 'node:timers/promises';
import { type JsonRow, tableFromRows } from '../json-table.ts';
import { statusOf } from '../read-log/logged-cell.ts';
import type { LoggedRead, ReadTable } from '../read-log/read-table.ts';
import { instantColumn, type ServedReads } from './served-reads.ts';

interface LoggedSelection {
  readonly service: string;
  /** Microseconds, both inclusive. */
  readonly since: number;
  readonly until: number;
  readonly mostRows: number;
  readonly mostCells: number;
  readonly signal: AbortSignal;
}

const PAGE_ROWS = 500;

/** The newest reads that are kept of a service, together with others of the same definitions. */
export async function loggedReads(table: ReadTable, selection: LoggedSelection): Promise<ServedReads[]> {
  const { service, mostRows, mostCells, signal } = selection;
  const reads = new Map<number, LoggedRead[]>();
  let before = Number.MAX_SAFE_INTEGER;
  let rows = 0;
  let cells = 0;
  for (;;) {
    signal.throwIfAborted();
    const page = table.page(service, selection, before, Math.min(PAGE_ROWS, mostRows - rows));
    for (const read of page) {
      const same = reads.get(read.layoutId);
      if (same === undefined) reads.set(read.layoutId, [read]);
      else same.push(read);
      rows++;
      cells += read.values.length;
    }
    const last = page.at(-1);
    if (last === undefined || rows >= mostRows || cells >= mostCells) break;
    before = last.id;
    await nextTurn();
  }
  return [...reads].map(([layoutId, ofLayout]) => servedReads(table, layoutId, ofLayout));
}

function servedReads(table: ReadTable, layoutId: number, reads: readonly LoggedRead[]): ServedReads {
  const { keys, features, definitions } = table.layout(layoutId);
  const at = instantColumn(
    Float64Array.from(reads, (read) => read.at),
    keys,
  );
  const rows = reads.map(
    (read): JsonRow => Object.fromEntries(keys.map(({ name }, place) => [name, read.keys[place] ?? null])),
  );
  const spine = tableFromRows(rows, keys, {
    of: 'the read log',
    required: new Set(),
    present: new Set(),
    strict: false,
  });
  return {
    definitions,
    spine: { rows: spine.rows, columns: [...spine.columns, at] },
    eventTime: at.name,
    features,
    cell: (row, feature) => reads[row]!.values[feature] ?? null,
    status: (row, feature) => statusOf(reads[row]!.statuses, feature),
  };
}
