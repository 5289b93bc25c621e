import type { OnlineStatus } from '../../shared/contract/types.ts';
import { type Column, cellToJson, findColumn, type Table } from '../../shared/table/column.ts';
import { parseDuration } from '../../shared/units.ts';
import { takeRows } from '../data/index.ts';
import { featuresOf, type ViewHistory } from '../features/index.ts';
import { type Found, isExpired, type OnlineAnswer } from './online-answer.ts';
import { type JsonValue, timesOf, untilOf } from './packed-row.ts';
import { unpackColumns } from './unpack-columns.ts';
import type { AnswerPlan } from './view-plans.ts';

interface Question {
  readonly keys: Table;
  readonly bytes: readonly (Buffer | null)[];
  readonly rows: readonly (Buffer | null)[];
  readonly at: number;
}

/** Windowed features, computed by the join itself over the rows that are kept. */
export async function fillWindows(
  { planned, ttlMicros }: AnswerPlan,
  found: Found,
  { keys, bytes, rows, at }: Question,
  answers: readonly OnlineAnswer[],
): Promise<void> {
  const features = planned.features.filter(({ aggregate }) => aggregate !== undefined);
  const windowed = { ...planned, features };
  const columns = await featuresOf(keptHistory(windowed, found, keys, bytes), windowed, {
    spine: keys,
    time: new Float64Array(keys.rows).fill(at),
    asKnown: 'row',
  });
  for (const column of columns) {
    for (const [index, answer] of answers.entries()) {
      const value = cellToJson(column, index);
      answer.values[column.name] = value;
      answer.status[column.name] = windowStatus(value, rows[index]!, at, ttlMicros);
    }
  }
}

/** A window is bounded by itself: the time to live says why it is empty, it does not empty it. */
function windowStatus(
  value: JsonValue,
  row: Buffer | null,
  at: number,
  ttlMicros: number | null,
): OnlineStatus {
  if (row === null) return 'NOT_FOUND';
  if (value !== null) return 'PRESENT';
  return isExpired(row, at, ttlMicros) ? 'EXPIRED' : 'NULL';
}

/** The kept rows of the asked-for entities as a history, each entity once. */
function keptHistory(
  planned: AnswerPlan['planned'],
  { layout, records }: Found,
  keys: Table,
  bytes: readonly (Buffer | null)[],
): ViewHistory {
  const seen = new Set<string>();
  const rows: Buffer[] = [];
  const owners: number[] = [];
  records.forEach((record, index) => {
    const id = bytes[index]?.toString('latin1');
    if (record === null || id === undefined || seen.has(id)) return;
    seen.add(id);
    for (const row of record.window) {
      rows.push(row);
      owners.push(index);
    }
  });
  const times = rows.map(timesOf);
  const owned = takeRows(keys, Uint32Array.from(owners));
  const keyColumns = planned.keys.map(
    ({ source, spine }): Column => ({ ...findColumn(owned, spine)!, name: source }),
  );
  return {
    table: { rows: rows.length, columns: [...keyColumns, ...unpackColumns(layout.window, rows)] },
    event: Float64Array.from(times, ({ event }) => event),
    known: layout.hasKnownTime ? Float64Array.from(times, ({ known }) => known) : null,
    until: layout.hasCorrections ? Float64Array.from(rows, untilOf) : null,
    eventTime: '',
    ttlMicros: planned.view.ttl === undefined ? null : parseDuration(planned.view.ttl),
    sourceRow: null,
  };
}
