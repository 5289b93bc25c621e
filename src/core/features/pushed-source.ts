import type { Dataset } from '../../shared/contract/types.ts';
import type { EntityDefinition, FeatureViewDefinition } from '../../shared/definitions/features.ts';
import { type ColumnSchema, findColumn, type Table } from '../../shared/table/column.ts';
import { emptyTable } from '../../shared/table/empty-table.ts';
import type { JoinedData } from './join/joined-data.ts';
import { PUSHED_EVENT_TIME, PUSHED_KNOWN_TIME, PUSHED_PREFIX } from './join/joined-view.ts';

/** Where the rows of views with `source: {push: true}` are kept. */
export interface PushedRows {
  /** All rows of a view in the order in which they came, with these columns. */
  load(view: string, columns: readonly ColumnSchema[]): Table;
}

export const NO_PUSHED_ROWS: PushedRows = { load: (_view, columns) => emptyTable(columns) };

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

/** The data room, and beside it every pushed view's rows as a dataset. */
export function withPushedRows(
  data: JoinedData,
  columnsOf: (view: string) => readonly ColumnSchema[],
  pushed: PushedRows,
): JoinedData {
  return {
    get: (input) =>
      input.name.startsWith(PUSHED_PREFIX)
        ? pushedDataset(input.name, columnsOf(input.name.slice(PUSHED_PREFIX.length)))
        : data.get(input),
    load: async (selection) => {
      if (!selection.name.startsWith(PUSHED_PREFIX)) return data.load(selection);
      const view = selection.name.slice(PUSHED_PREFIX.length);
      const wanted = selection.columns;
      const columns = columnsOf(view).filter(({ name }) => wanted === undefined || wanted.includes(name));
      return pushed.load(view, columns);
    },
  };
}

/** Pushed rows in memory, as the source of their view. */
export function rowsAsSource(table: Table): JoinedData {
  return {
    get: ({ name }) => pushedDataset(name, table.columns),
    load: async ({ columns }) => ({
      rows: table.rows,
      columns: columns === undefined ? table.columns : columns.map((name) => findColumn(table, name)!),
    }),
  };
}

const pushedDataset = (name: string, columns: readonly ColumnSchema[]): Dataset => ({
  name,
  version: 1,
  rows: 0,
  columns: columns.map(({ name: column, type }) => ({ name: column, type })),
  eventTime: PUSHED_EVENT_TIME,
  knownTime: PUSHED_KNOWN_TIME,
  keys: [],
  mode: 'append',
  addedRows: 0,
  parts: [],
  labels: [],
  purposes: [],
  source: 'push',
  digest: '',
  sizeBytes: 0,
  importedAt: new Date(0).toISOString(),
});
