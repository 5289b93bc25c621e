import { FalajError } from '../../../shared/errors.ts';
import type { Column, Table } from '../../../shared/table/column.ts';
import { findColumn, isPresent } from '../../../shared/table/column.ts';
import { parseDuration } from '../../../shared/units.ts';
import { type DataRoom, evaluateExpressions, takeRows } from '../../data/index.ts';
import type { PlannedView } from './join-plan.ts';

/** A view's source in memory: the rows its filter lets through, with its expressions computed. */
export interface ViewHistory {
  readonly table: Table;
  readonly event: Float64Array;
  /** Null when neither the view nor its dataset has a known time. */
  readonly known: Float64Array | null;
  readonly ttlMicros: number | null;
}

export async function loadHistory(
  data: DataRoom,
  planned: PlannedView,
  signal?: AbortSignal,
): Promise<ViewHistory> {
  const { view } = planned;
  const dataset = data.get({ name: view.source.dataset });
  const eventTime = view.source.eventTime ?? dataset.eventTime;
  if (eventTime === null) {
    throw new FalajError('BAD_DEFINITION', `The source of view "${view.name}" has no event time.`, {
      hint: 'Set source.eventTime, or import the dataset with --event-time.',
    });
  }
  const knownTime = view.source.knownTime ?? dataset.knownTime;
  const loaded = await data.load({
    name: dataset.name,
    version: dataset.version,
    columns: columnsToLoad(
      planned,
      eventTime,
      knownTime,
      dataset.columns.map(({ name }) => name),
    ),
  });
  const table = await withExpressions(await filtered(loaded, view.source.filter, signal), planned, signal);
  return {
    table,
    event: times(table, eventTime),
    known: knownTime === null ? null : times(table, knownTime),
    ttlMicros: view.ttl === undefined ? null : parseDuration(view.ttl),
  };
}

/** SQL may name any column, so a view with SQL loads them all; else only what is used. */
function columnsToLoad(
  planned: PlannedView,
  eventTime: string,
  knownTime: string | null,
  all: readonly string[],
): readonly string[] {
  const { view } = planned;
  if (view.source.filter !== undefined || view.features.some((feature) => feature.expression !== undefined))
    return all;
  const used = new Set([
    eventTime,
    ...(knownTime === null ? [] : [knownTime]),
    ...planned.keys.map((key) => key.source),
  ]);
  for (const feature of planned.features) {
    used.add(feature.aggregate?.of ?? feature.column ?? feature.name);
  }
  return all.filter((name) => used.has(name));
}

async function filtered(
  table: Table,
  filter: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Table> {
  if (filter === undefined) return table;
  const [kept] = await evaluateExpressions(table, [{ name: 'filter', expression: filter }], { signal });
  if (kept?.type !== 'bool') {
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

async function withExpressions(
  table: Table,
  planned: PlannedView,
  signal: AbortSignal | undefined,
): Promise<Table> {
  const wanted = new Set(
    planned.features.flatMap((feature) => [feature.name, feature.aggregate?.of ?? feature.name]),
  );
  const expressions = planned.view.features.flatMap(({ name, expression }) =>
    expression === undefined || !wanted.has(name) ? [] : [{ name, expression }],
  );
  const computed = await evaluateExpressions(table, expressions, { signal });
  const names = new Set(computed.map((column) => column.name));
  return {
    rows: table.rows,
    columns: [...table.columns.filter((column) => !names.has(column.name)), ...computed],
  };
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
      `Column "${column.name}" is text; only numbers and truth values are aggregated.`,
      {
        details: { column: column.name },
      },
    );
  }
  const out = new Float64Array(column.values.length);
  for (let row = 0; row < out.length; row++)
    out[row] = isPresent(column, row) ? Number(column.values[row]) : Number.NaN;
  return out;
}
