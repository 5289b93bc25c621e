import { countKeys, UNKNOWN_KEY } from '../../numerics/windows/index.ts';
import { type Column, findColumn, type Table } from '../../shared/table/column.ts';
import { takeRows } from '../data/index.ts';
import {
  type HistoryKeys,
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

/** The entity of every row of a history, by a small number. */
export interface EntityIds {
  readonly columns: readonly Column[];
  readonly keys: HistoryKeys;
  /** Every id is below it. */
  readonly count: number;
}

export function entityIds(history: ViewHistory, planned: PlannedView): EntityIds {
  const columns = planned.keys.map(({ source }) => findColumn(history.table, source)!);
  const keys = historyKeys(columns.map(historyKeyPart), history.table.rows);
  return { columns, keys, count: countKeys(keys.ids) };
}

/** The rows of these entities, in their order. `keys` has the columns of the view's keys under the spine's names. */
export function rowsOfEntities(
  history: ViewHistory,
  planned: PlannedView,
  entities: EntityIds,
  keys: Table,
): ViewHistory {
  const { ids, index } = entities.keys;
  const parts = planned.keys.map(({ name, spine }, at) =>
    spineKeyPart(name, entities.columns[at]!, findColumn(keys, spine)!),
  );
  const isWanted = new Uint8Array(entities.count);
  for (const id of spineKeyIds(parts, index, keys.rows)) if (id !== UNKNOWN_KEY) isWanted[id] = 1;
  const rows: number[] = [];
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row]!;
    if (id !== UNKNOWN_KEY && isWanted[id] === 1) rows.push(row);
  }
  return historyRows(history, Uint32Array.from(rows));
}

/** Those entities of a history that have the newest rows, as a table of keys; the newest first. */
export function newestKeys(
  history: ViewHistory,
  planned: PlannedView,
  entities: EntityIds,
  limit: number,
): Table {
  const { ids } = entities.keys;
  const { event } = history;
  const usable = usableTimes(history);
  const newest = new Int32Array(entities.count).fill(NO_ROW);
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row]!;
    if (id === UNKNOWN_KEY || Number.isNaN(usable[row]!)) continue;
    const before = newest[id]!;
    if (before === NO_ROW || event[row]! > event[before]!) newest[id] = row;
  }
  const taken = takeRows(
    { rows: history.table.rows, columns: entities.columns },
    newestRows(
      newest.filter((row) => row !== NO_ROW),
      event,
      limit,
    ),
  );
  return {
    rows: taken.rows,
    columns: taken.columns.map((column, at): Column => ({ ...column, name: planned.keys[at]!.spine })),
  };
}

const NO_ROW = -1;

/** Of these rows as many as `limit` with the greatest times, the newest first; of equal times the lower row. */
function newestRows(rows: Int32Array, event: Float64Array, limit: number): Uint32Array {
  const best: number[] = [];
  for (const row of rows) {
    const isBefore = (other: number): boolean =>
      event[row]! > event[other]! || (event[row] === event[other] && row < other);
    if (best.length === limit && !isBefore(best.at(-1)!)) continue;
    let at = best.length;
    while (at > 0 && isBefore(best[at - 1]!)) at--;
    best.splice(at, 0, row);
    if (best.length > limit) best.pop();
  }
  return Uint32Array.from(best);
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
