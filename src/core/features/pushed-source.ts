import type { Dataset } from '../../shared/contract/types.ts';
import type { EntityDefinition, FeatureViewDefinition } from '../../shared/definitions/features.ts';
import { FalajError } from '../../shared/errors.ts';
import { type ColumnSchema, findColumn, type Table } from '../../shared/table/column.ts';
import { emptyTable } from '../../shared/table/empty-table.ts';
import type { JoinedData } from './join/joined-data.ts';
import { PUSHED_EVENT_TIME, PUSHED_KNOWN_TIME, PUSHED_PREFIX } from './join/joined-view.ts';

/** Where the rows of views with `source: {push: true}` are kept. */
export interface PushedRows {
  /** How many rows a view has. */
  rows(view: string): number;
  /** When the newest row became known, in microseconds; null where there is none. */
  newestKnown(view: string): number | null;
  /** The rows of a view in the order in which they came, with these columns; the first so many, all unless said. */
  load(view: string, columns: readonly ColumnSchema[], rows?: number): Promise<Table>;
  /** SHA-256 over the first so many rows as they were pushed. */
  digest(view: string, rows: number): Promise<string>;
}

/** What a receipt tells of: of pushed rows only this has a digest, since that takes reading them. */
export interface RecordedData extends JoinedData {
  digested(input: { readonly name: string; readonly version: number }): Promise<Dataset>;
}

export const NO_PUSHED_ROWS: PushedRows = {
  rows: () => 0,
  newestKnown: () => null,
  load: async (_view, columns) => emptyTable(columns),
  digest: async () => '',
};

/** What a row pushed to the view holds: its keys, its times and the columns that its features read. */
export function pushedColumns(
  view: FeatureViewDefinition,
  entities: readonly EntityDefinition[],
): ColumnSchema[] {
  const columns = new Map<string, ColumnSchema>();
  const add = (column: ColumnSchema): void => {
    if (!columns.has(column.name)) columns.set(column.name, column);
  };
  for (const { keys } of entities) for (const { name, type } of keys) add({ name, type });
  add({ name: PUSHED_EVENT_TIME, type: 'timestamp' });
  add({ name: PUSHED_KNOWN_TIME, type: 'timestamp' });
  const computed = new Set<string>(['*']);
  for (const { name, type, column, aggregate, expression } of view.features) {
    if (expression !== undefined) computed.add(name);
    else if (aggregate === undefined) add({ name: column ?? name, type });
  }
  // What is only aggregated is a number.
  for (const { aggregate } of view.features) {
    if (aggregate !== undefined && !computed.has(aggregate.of)) add({ name: aggregate.of, type: 'float64' });
  }
  return [...columns.values()];
}

/**
 * The data room, and beside it every pushed view's rows as a dataset. Since rows are only ever added, its version is the number
 * of rows that are there.
 */
export function withPushedRows(
  data: JoinedData,
  columnsOf: (view: string) => readonly ColumnSchema[],
  pushed: PushedRows,
): RecordedData {
  const rowsOf = (view: string, version: number | undefined): number => {
    const rows = pushed.rows(view);
    if (version === undefined || version <= rows) return version ?? rows;
    throw new FalajError('NOT_FOUND', `View "${view}" has ${rows} pushed rows, not ${version}.`);
  };
  return {
    get: (input) => {
      const { name, version } = input;
      const view = pushedViewOf(name);
      if (view === null) return data.get(input);
      return pushedDataset(name, columnsOf(view), { rows: rowsOf(view, version), digest: '' });
    },
    digested: async (input) => {
      const { name, version } = input;
      const view = pushedViewOf(name);
      if (view === null) return data.get(input);
      const rows = rowsOf(view, version);
      return pushedDataset(name, columnsOf(view), { rows, digest: await pushed.digest(view, rows) });
    },
    load: async (selection) => {
      const view = pushedViewOf(selection.name);
      if (view === null) return data.load(selection);
      const wanted = selection.columns;
      const columns = columnsOf(view).filter(({ name }) => wanted === undefined || wanted.includes(name));
      return pushed.load(view, columns, selection.version);
    },
  };
}

/** Pushed rows in memory, as the source of their view. */
export function rowsAsSource(table: Table): JoinedData {
  return {
    get: ({ name }) => pushedDataset(name, table.columns, { rows: table.rows, digest: '' }),
    load: async ({ columns }) => ({
      rows: table.rows,
      columns: columns === undefined ? table.columns : columns.map((name) => findColumn(table, name)!),
    }),
  };
}

/** The view whose pushed rows a dataset of this name stands for; null for any other dataset. */
export const pushedViewOf = (dataset: string): string | null =>
  dataset.startsWith(PUSHED_PREFIX) ? dataset.slice(PUSHED_PREFIX.length) : null;

/** Pushed rows say themselves when they became known. */
const NEVER = new Date(0).toISOString();

const pushedDataset = (
  name: string,
  columns: readonly ColumnSchema[],
  { rows, digest }: { readonly rows: number; readonly digest: string },
): Dataset => ({
  name,
  version: rows,
  rows,
  columns: columns.map(({ name: column, type }) => ({ name: column, type })),
  eventTime: PUSHED_EVENT_TIME,
  knownTime: PUSHED_KNOWN_TIME,
  keys: [],
  mode: 'append',
  addedRows: rows,
  parts: [{ rows, supersededRows: 0, digest, sizeBytes: 0, source: 'push', importedAt: NEVER }],
  labels: [],
  purposes: [],
  source: 'push',
  digest,
  sizeBytes: 0,
  importedAt: NEVER,
});
