import type { Dataset } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { Column, Table } from '../../../shared/table/column.ts';
import { findColumn, isPresent } from '../../../shared/table/column.ts';
import { parseDuration } from '../../../shared/units.ts';
import { type DataRoom, evaluateExpressions, takeRows } from '../../data/index.ts';
import type { PlannedView } from './join-plan.ts';
import { shareColumn } from './sweep-task.ts';

/** A view's source in memory: the rows its filter lets through, with its expressions computed. */
export interface ViewHistory {
  readonly table: Table;
  readonly event: Float64Array;
  /** Null when neither the view nor its dataset has a known time. */
  readonly known: Float64Array | null;
  readonly ttlMicros: number | null;
}

/** What a join asks of the data room. */
export type JoinedData = Pick<DataRoom, 'get' | 'load'>;

/**
 * The datasets that a join reads, each loaded once for all its views, in memory that threads share; and the columns that
 * expressions add to them, each computed once.
 */
export class SourceTables {
  readonly #data: JoinedData;
  readonly #views: readonly PlannedView[];
  readonly #signal: AbortSignal | undefined;
  readonly #tables = new Map<string, Promise<Table>>();
  readonly #computed = new Map<string, Promise<Column>>();

  constructor(data: JoinedData, views: readonly PlannedView[], signal?: AbortSignal) {
    this.#data = data;
    this.#views = views;
    this.#signal = signal;
  }

  dataset(name: string): Dataset {
    return this.#data.get({ name });
  }

  table(name: string): Promise<Table> {
    let table = this.#tables.get(name);
    if (table === undefined) {
      table = this.#load(name);
      this.#tables.set(name, table);
    }
    return table;
  }

  /** A row-wise expression over the dataset, as a column of this name. */
  async expression(dataset: string, named: { name: string; expression: string }): Promise<Column> {
    const id = JSON.stringify([dataset, named.expression]);
    let column = this.#computed.get(id);
    if (column === undefined) {
      column = this.#evaluate(dataset, named);
      this.#computed.set(id, column);
    }
    return { ...(await column), name: named.name };
  }

  async #evaluate(dataset: string, named: { name: string; expression: string }): Promise<Column> {
    const [column] = await evaluateExpressions(await this.table(dataset), [named], { signal: this.#signal });
    return shareColumn(column!);
  }

  async #load(name: string): Promise<Table> {
    const dataset = this.dataset(name);
    const views = this.#views.filter(({ view }) => view.source.dataset === name);
    const used = new Set(views.flatMap((planned) => columnsToLoad(planned, dataset)));
    const table = await this.#data.load({
      name,
      version: dataset.version,
      columns: dataset.columns.map((column) => column.name).filter((column) => used.has(column)),
    });
    return { rows: table.rows, columns: table.columns.map(shareColumn) };
  }
}

export async function loadHistory(sources: SourceTables, planned: PlannedView): Promise<ViewHistory> {
  const { view } = planned;
  const dataset = sources.dataset(view.source.dataset);
  const eventTime = view.source.eventTime ?? dataset.eventTime;
  if (eventTime === null) {
    throw new FalajError('BAD_DEFINITION', `The source of view "${view.name}" has no event time.`, {
      hint: 'Set source.eventTime, or import the dataset with --event-time.',
    });
  }
  const knownTime = view.source.knownTime ?? dataset.knownTime;
  const table = await filtered(await withExpressions(sources, planned), planned, sources);
  return {
    table,
    event: times(table, eventTime),
    known: knownTime === null ? null : times(table, knownTime),
    ttlMicros: view.ttl === undefined ? null : parseDuration(view.ttl),
  };
}

/** What the view reads as it stands, and whatever its SQL mentions: a column too many costs time only. */
function columnsToLoad(planned: PlannedView, dataset: Dataset): string[] {
  const { source } = planned.view;
  const used = new Set([
    source.eventTime ?? dataset.eventTime,
    source.knownTime ?? dataset.knownTime,
    ...planned.keys.map((key) => key.source),
    ...planned.features.map((feature) => feature.aggregate?.of ?? feature.column ?? feature.name),
  ]);
  const sql = [source.filter ?? '', ...wantedExpressions(planned).map(({ expression }) => expression)]
    .join(' ')
    .toLowerCase();
  return dataset.columns
    .map((column) => column.name)
    .filter((name) => used.has(name) || sql.includes(name.toLowerCase().replaceAll('"', '""')));
}

function wantedExpressions({ view, features }: PlannedView): { name: string; expression: string }[] {
  const wanted = new Set(features.map((feature) => feature.aggregate?.of ?? feature.name));
  return view.features.flatMap(({ name, expression }) =>
    expression === undefined || !wanted.has(name) ? [] : [{ name, expression }],
  );
}

async function withExpressions(sources: SourceTables, planned: PlannedView): Promise<Table> {
  const dataset = planned.view.source.dataset;
  const table = await sources.table(dataset);
  const computed: Column[] = [];
  for (const named of wantedExpressions(planned)) computed.push(await sources.expression(dataset, named));
  const names = new Set(computed.map((column) => column.name));
  return {
    rows: table.rows,
    columns: [...table.columns.filter((column) => !names.has(column.name)), ...computed],
  };
}

async function filtered(table: Table, planned: PlannedView, sources: SourceTables): Promise<Table> {
  const { dataset, filter } = planned.view.source;
  if (filter === undefined) return table;
  const kept = await sources.expression(dataset, { name: 'filter', expression: filter });
  if (kept.type !== 'bool') {
    throw new FalajError('BAD_EXPRESSION', `The filter "${filter}" is not a condition.`, {
      hint: 'Write an expression that is true or false, such as distance > 0.',
    });
  }
  const rows = new Uint32Array(table.rows);
  let count = 0;
  for (let row = 0; row < table.rows; row++)
    if (kept.values[row] === 1 && isPresent(kept, row)) rows[count++] = row;
  return count === table.rows ? table : takeRows(table, rows.subarray(0, count));
}

/** Times with NaN for null. */
export function times(table: Table, name: string): Float64Array {
  const column = findColumn(table, name);
  if (column === undefined || (column.type !== 'timestamp' && column.type !== 'date')) {
    throw new FalajError('TYPE_MISMATCH', `Column "${name}" is not a time.`, { details: { column: name } });
  }
  return numbers(column);
}

/** A column as numbers for aggregation, NaN for null. Truth counts as 1. */
export function numbers(column: Column): Float64Array {
  if (column.type === 'string') {
    throw new FalajError(
      'TYPE_MISMATCH',
      `Column "${column.name}" is text; only numbers and truth values are aggregated so.`,
      {
        hint: 'Of text there are count, distinct_count and last.',
        details: { column: column.name },
      },
    );
  }
  const { values, validity } = column;
  if (values instanceof Float64Array)
    return validity === null ? values : nullsAsNaN(values.slice(), validity);
  if (values instanceof BigInt64Array) return nullsAsNaN(Float64Array.from(values, Number), validity);
  return nullsAsNaN(new Float64Array(values), validity);
}

/** Puts NaN, in place, where there is no value. */
export function nullsAsNaN(values: Float64Array, validity: Uint8Array | null): Float64Array {
  if (validity === null) return values;
  for (let row = 0; row < values.length; row++) if (validity[row] === 0) values[row] = Number.NaN;
  return values;
}
