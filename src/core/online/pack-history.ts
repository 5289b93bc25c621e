import { setImmediate as turn } from 'node:timers/promises';
import { countKeys, groupByKey, type KeyRuns, UNKNOWN_KEY } from '../../numerics/windows/index.ts';
import { type Column, findColumn } from '../../shared/table/column.ts';
import {
  aggregatedColumns,
  historyKeyPart,
  historyKeys,
  type PlannedView,
  rowFeatures,
  type ViewHistory,
} from '../features/index.ts';
import { EntityKeys } from './entity-key.ts';
import { EMPTY_RECORD, type OnlineRecord, withRows } from './online-record.ts';
import { compareTimes, RowPacker, type RowTimes } from './packed-row.ts';
import type { ViewLayout } from './view-layout.ts';

export interface PackRequest {
  readonly planned: PlannedView;
  readonly layout: ViewLayout;
  /** Now, in microseconds. */
  readonly now: number;
  /** Sequence of the source's first row. */
  readonly firstSequence?: number;
  /** Rows of a lower sequence are left out. */
  readonly fromSequence?: number;
  /** Event times, both ends inclusive. */
  readonly since?: number;
  readonly until?: number;
}

export interface PackedEntity {
  readonly key: Buffer;
  readonly record: OnlineRecord;
}

/** Rows of a history by entity, each entity packed when it is asked for. */
export interface PackedHistory {
  /** Entities in ascending order of their keys' bytes. */
  readonly entities: number;
  /** Rows that were taken in. */
  readonly rows: number;
  readonly newestEvent: number | null;
  entity(index: number): PackedEntity;
  find(key: Buffer): PackedEntity | undefined;
}

/** Groups a history by entity and keeps of each what later instants may need; others have their turn between the steps. */
export async function packHistory(history: ViewHistory, request: PackRequest): Promise<PackedHistory> {
  const { planned, layout, now } = request;
  const ids = keyIds(history, planned);
  await turn();
  const usable = usableRows(history, request, ids);
  await turn();
  const groups = groupByKey(ids, usable.rows, countKeys(ids));
  await turn();
  const needed = await neededRows(history, layout, now, {
    ids,
    rows: usable.rows,
    entities: groups.starts.length - 1,
  });
  const features = rowFeatures(history, planned, needed.candidates.rows);
  const aggregated = layout.windowMicros === null ? [] : aggregatedColumns(history, planned);
  const featurePacker = new RowPacker(layout.features);
  const windowPacker = new RowPacker(layout.window);
  const order = await orderedKeys(history, planned, groups);

  const pack = (key: Buffer, id: number): PackedEntity => {
    const candidates: Buffer[] = [];
    for (let at = needed.candidates.starts[id]!; at < needed.candidates.starts[id + 1]!; at++) {
      const row = needed.candidates.rows[at]!;
      candidates.push(featurePacker.pack(times(history, request, row), features, at, history.until?.[row]));
    }
    const window: Buffer[] = [];
    const floor = now - (layout.windowMicros ?? 0);
    let windowFloor = EMPTY_RECORD.windowFloor;
    if (layout.windowMicros !== null) {
      for (let at = groups.starts[id]!; at < groups.starts[id + 1]!; at++) {
        const row = groups.rows[at]!;
        if (history.event[row]! < floor) windowFloor = floor;
        else
          window.push(windowPacker.pack(times(history, request, row), aggregated, row, history.until?.[row]));
      }
    }
    const start = { ...EMPTY_RECORD, windowFloor, superseded: needed.superseded[id] === 1 };
    return { key, record: withRows(start, { candidates, window }, { ...layout, now }) };
  };

  return {
    entities: order.length,
    rows: usable.rows.length,
    newestEvent: usable.newestEvent,
    entity: (index) => pack(order[index]!.key, order[index]!.id),
    find: (key) => {
      const found = search(order, key);
      return found === undefined ? undefined : pack(key, found.id);
    },
  };
}

const times = (history: ViewHistory, { firstSequence = 0 }: PackRequest, row: number): RowTimes => ({
  event: history.event[row]!,
  known: history.known === null ? Number.NaN : history.known[row]!,
  sequence: firstSequence + (history.sourceRow === null ? row : history.sourceRow[row]!),
});

function keyIds(history: ViewHistory, planned: PlannedView): Uint32Array {
  return historyKeys(keyColumns(history, planned).map(historyKeyPart), history.table.rows).ids;
}

const keyColumns = (history: ViewHistory, planned: PlannedView): Column[] =>
  planned.keys.map(({ source }) => findColumn(history.table, source)!);

/** Rows that any instant may ever use, in the order of their sequence. */
function usableRows(
  history: ViewHistory,
  request: PackRequest,
  ids: Uint32Array,
): { rows: Uint32Array; newestEvent: number | null } {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY, fromSequence = 0 } = request;
  const { event, known, sourceRow } = history;
  const firstSequence = request.firstSequence ?? 0;
  const rows = new Uint32Array(ids.length);
  let count = 0;
  let newest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < ids.length; row++) {
    const at = event[row]!;
    // Comparisons with NaN are false: a row without an event time, or without its known time, is never used.
    if (ids[row] === UNKNOWN_KEY || !(at >= since && at <= until)) continue;
    if (known !== null && Number.isNaN(known[row]!)) continue;
    if (firstSequence + (sourceRow === null ? row : sourceRow[row]!) < fromSequence) continue;
    rows[count++] = row;
    if (at > newest) newest = at;
  }
  return { rows: rows.slice(0, count), newestEvent: count === 0 ? null : newest };
}

const NO_ROW = -1;
/** How many rows are gone over before others have their turn. */
const ROWS_AT_ONCE = 1_000_000;

/**
 * Per entity the rows to come and those that end, then the row in force, and whether older ones were left out. Goes over the
 * rows in their order, not by entity: jumping between entities costs ten times as much in a long history.
 */
async function neededRows(
  history: ViewHistory,
  layout: ViewLayout,
  now: number,
  {
    ids,
    rows,
    entities,
  }: { readonly ids: Uint32Array; readonly rows: Uint32Array; readonly entities: number },
): Promise<{ candidates: { starts: Uint32Array; rows: Int32Array }; superseded: Uint8Array }> {
  const { event, known, until } = history;
  const superseded = new Uint8Array(entities);
  const inForce = new Int32Array(entities).fill(NO_ROW);
  const later: number[] = [];
  const take = (from: number, to: number): void => {
    for (let at = from; at < to; at++) {
      const row = rows[at]!;
      const usable = layout.hasKnownTime && known !== null ? Math.max(event[row]!, known[row]!) : event[row]!;
      const ends = until !== null && Number.isFinite(until[row]!);
      if (ends || usable > now) {
        later.push(row);
        continue;
      }
      const id = ids[row]!;
      const best = inForce[id]!;
      if (best !== NO_ROW) superseded[id] = 1;
      if (best === NO_ROW || event[row]! > event[best]! || isBetterAtOneTime(history, row, best))
        inForce[id] = row;
    }
  };
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    take(from, Math.min(rows.length, from + ROWS_AT_ONCE));
    await turn();
  }
  const grouped = groupByKey(ids, Uint32Array.from(later), entities);
  const starts = new Uint32Array(entities + 1);
  const needed = new Int32Array(later.length + entities);
  let count = 0;
  for (let id = 0; id < entities; id++) {
    starts[id] = count;
    for (let at = grouped.starts[id]!; at < grouped.starts[id + 1]!; at++)
      needed[count++] = grouped.rows[at]!;
    if (inForce[id] !== NO_ROW) needed[count++] = inForce[id]!;
  }
  starts[entities] = count;
  return { candidates: { starts, rows: needed.subarray(0, count) }, superseded };
}

function isBetterAtOneTime({ event, known }: ViewHistory, row: number, best: number): boolean {
  if (event[row] !== event[best]) return false;
  const at = (one: number): RowTimes => ({
    event: event[one]!,
    known: known === null ? Number.NaN : known[one]!,
    sequence: one,
  });
  return compareTimes(at(row), at(best)) > 0;
}

interface OrderedKey {
  readonly key: Buffer;
  readonly id: number;
}

/** How many keys are made before others have their turn. */
const KEYS_AT_ONCE = 50_000;

/** Ascending, so that they are written where the last ones were and a run that was cut short knows how far it came. */
async function orderedKeys(
  history: ViewHistory,
  planned: PlannedView,
  groups: KeyRuns,
): Promise<OrderedKey[]> {
  const keys = new EntityKeys(keyColumns(history, planned));
  const order: (OrderedKey & { readonly bytes: string })[] = [];
  for (let id = 0; id + 1 < groups.starts.length; id++) {
    if (id % KEYS_AT_ONCE === 0) await turn();
    if (groups.starts[id] === groups.starts[id + 1]) continue;
    const key = keys.of(groups.rows[groups.starts[id]!]!);
    // One character a byte: text of this kind sorts in their order, several times as fast as buffers.
    if (key !== null) order.push({ key, id, bytes: key.toString('latin1') });
  }
  await turn();
  return order.sort((a, b) => (a.bytes < b.bytes ? -1 : 1));
}

function search(order: readonly OrderedKey[], key: Buffer): OrderedKey | undefined {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (order[middle]!.key.compare(key) < 0) low = middle + 1;
    else high = middle;
  }
  const found = order[low];
  return found?.key.equals(key) ? found : undefined;
}
