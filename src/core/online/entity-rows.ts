import { UNKNOWN_KEY } from '../../numerics/windows/index.ts';
import { type Column, findColumn, type Table } from '../../shared/table/column.ts';
import { takeRows } from '../data/index.ts';
import {
  historyKeyPart,
  historyKeys,
  historyRows,
  type PlannedView,
  spineKeyIds,
  spineKeyPart,
  type ViewHistory,
} from '../features/index.ts';

/** From when on each row can be used: it has happened and is known. NaN for a row that never can. */
export function usableTimes({ event, known }: ViewHistory): Float64Array {
  return known === null ? event : event.map((at, row) => Math.max(at, known[row]!));
}

/** When what is known changes: a row can be used, or its correction becomes known. */
export function changeTimes(history: ViewHistory): Float64Array {
  const { until } = history;
  const usable = usableTimes(history);
  if (until === null) return usable;
  const corrected = until.filter(Number.isFinite);
  const times = new Float64Array(usable.length + corrected.length);
  times.set(usable);
  times.set(corrected, usable.length);
  return times;
}

/** The rows of these entities, in their order. `keys` has the columns of the view's keys under the spine's names. */
export function rowsOfEntities(history: ViewHistory, planned: PlannedView, keys: Table): ViewHistory {
  const columns = planned.keys.map(({ source }) => findColumn(history.table, source)!);
  const { ids, index } = historyKeys(columns.map(historyKeyPart), history.table.rows);
  const parts = planned.keys.map(({ name, spine }, at) =>
    spineKeyPart(name, columns[at]!, findColumn(keys, spine)!),
  );
  const wanted = new Set(spineKeyIds(parts, index, keys.rows));
  wanted.delete(UNKNOWN_KEY);
  const rows = new Uint32Array(history.table.rows);
  let count = 0;
  for (let row = 0; row < rows.length; row++) if (wanted.has(ids[row]!)) rows[count++] = row;
  return historyRows(history, rows.slice(0, count));
}

/** Those entities of a history that have the newest rows, as a table of keys; the newest first. */
export function newestKeys(history: ViewHistory, planned: PlannedView, limit: number): Table {
  const columns = planned.keys.map(({ source }) => findColumn(history.table, source)!);
  const { ids } = historyKeys(columns.map(historyKeyPart), history.table.rows);
  const usable = usableTimes(history);
  const newest = new Map<number, number>();
  for (let row = 0; row < ids.length; row++) {
    if (ids[row] === UNKNOWN_KEY || Number.isNaN(usable[row]!)) continue;
    const before = newest.get(ids[row]!);
    if (before === undefined || history.event[row]! > history.event[before]!) newest.set(ids[row]!, row);
  }
  const rows = [...newest.values()]
    .sort((a, b) => history.event[b]! - history.event[a]! || a - b)
    .slice(0, limit);
  const taken = takeRows({ rows: history.table.rows, columns }, Uint32Array.from(rows));
  return {
    rows: taken.rows,
    columns: taken.columns.map((column, at): Column => ({ ...column, name: planned.keys[at]!.spine })),
  };
}

/** The first and the last of these times; null for none. */
export function rangeOf(times: Float64Array): { first: number; last: number } | null {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < times.length; at++) {
    const time = times[at]!;
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return first <= last ? { first, last } : null;
}

/** The nearest of these times before and after an instant. */
export function neighboursOf(
  times: Float64Array,
  at: number,
): { previous: number | null; next: number | null } {
  let previous = Number.NEGATIVE_INFINITY;
  let next = Number.POSITIVE_INFINITY;
  for (let index = 0; index < times.length; index++) {
    const time = times[index]!;
    if (time < at && time > previous) previous = time;
    if (time > at && time < next) next = time;
  }
  return {
    previous: Number.isFinite(previous) ? previous : null,
    next: Number.isFinite(next) ? next : null,
  };
}
