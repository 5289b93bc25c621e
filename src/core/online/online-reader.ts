import { FalajError } from '../../shared/errors.ts';
import { type Column, cellToJson, findColumn, microsToIso, type Table } from '../../shared/table/column.ts';
import { parseDuration } from '../../shared/units.ts';
import { takeRows } from '../data/index.ts';
import { type FeatureRoom, featuresOf, requestFeatures, type ViewHistory } from '../features/index.ts';
import { EntityKeys } from './entity-key.ts';
import { type OnlineRecord, rowAt, unpackRecord } from './online-record.ts';
import type { OnlineSets } from './online-sets.ts';
import { packHistory } from './pack-history.ts';
import { type JsonValue, timesOf } from './packed-row.ts';
import { unpackColumns } from './unpack-columns.ts';
import { layoutOf, type ViewLayout } from './view-layout.ts';
import type { ReadPlan, RequestPlan } from './view-plans.ts';

export type OnlineStatus = 'PRESENT' | 'NULL' | 'EXPIRED' | 'NOT_FOUND';

/** The answer for one key, in the making. */
export interface OnlineAnswer {
  readonly values: Record<string, JsonValue>;
  readonly status: Record<string, OnlineStatus>;
  readonly eventTime: Record<string, string | null>;
}

/** What is stored of the asked-for entities of one view. */
interface Found {
  readonly layout: ViewLayout;
  /** Per key of the request; null where there is no row. */
  readonly records: readonly (OnlineRecord | null)[];
}

/** Reads online rows as of one instant. What a record no longer knows is answered from the view's history. */
export class OnlineReader {
  readonly #sets: OnlineSets;
  readonly #features: FeatureRoom;

  constructor(options: { readonly sets: OnlineSets; readonly features: FeatureRoom }) {
    this.#sets = options.sets;
    this.#features = options.features;
  }

  /** One answer per row of `keys`, whose columns are those of the plan. */
  async read(plan: RequestPlan, keys: Table, at: number): Promise<OnlineAnswer[]> {
    const answers = Array.from(
      { length: keys.rows },
      (): OnlineAnswer => ({ values: {}, status: {}, eventTime: {} }),
    );
    for (const view of plan.views) {
      if (view.planned.request === null) await this.#readView(view, keys, at, answers);
      else fillComputed(view, await requestFeatures(view.planned, view.planned.request, keys), answers);
    }
    return answers;
  }

  async #readView(plan: ReadPlan, keys: Table, at: number, answers: readonly OnlineAnswer[]): Promise<void> {
    const entities = new EntityKeys(plan.planned.keys.map(({ spine }) => findColumn(keys, spine)!));
    const bytes = answers.map((_answer, row) => entities.of(row));
    const now = this.#fromSet(plan, bytes);
    const found =
      now?.records.every((record) => record === null || knows(record, now.layout, at)) === true
        ? now
        : await this.#fromHistory(plan, bytes, at);
    const rows = answers.map((_answer, row) => inForce(found, row, at));
    for (const [row, answer] of answers.entries()) {
      const event = rows[row] == null ? null : timesOf(rows[row]).event;
      answer.eventTime[plan.planned.alias] = event === null ? null : microsToIso(event);
    }
    fillColumns(plan, found, rows, at, answers);
    if (plan.planned.features.some(({ aggregate }) => aggregate !== undefined)) {
      await fillWindows(plan, found, { keys, bytes, rows, at }, answers);
    }
  }

  /** Null for a pushed view to which nothing has been pushed. */
  #fromSet(plan: ReadPlan, bytes: readonly (Buffer | null)[]): Found | null {
    const { name } = plan.planned.view;
    const set = this.#sets.live(name);
    if (set === undefined) {
      if (plan.isPushed) return null;
      throw new FalajError('CONFLICT', `View "${name}" has not been materialized.`, {
        hint: `Fill the online store first: falaj features materialize ${name}`,
        details: { view: name },
      });
    }
    if (set.definition !== plan.definition) throw staleRows(name);
    return {
      layout: set.layout,
      records: bytes.map((key) => {
        const packed = key === null ? undefined : this.#sets.record(set, key);
        return packed === undefined ? null : unpackRecord(packed);
      }),
    };
  }

  async #fromHistory(plan: ReadPlan, bytes: readonly (Buffer | null)[], at: number): Promise<Found> {
    const history = await this.#features.history(plan.whole);
    const layout = layoutOf(history, plan.whole);
    const packed = packHistory(history, { planned: plan.whole, layout, now: at });
    return {
      layout,
      records: bytes.map((key) => (key === null ? null : (packed.find(key)?.record ?? null))),
    };
  }
}

export const staleRows = (view: string): FalajError =>
  new FalajError('CONFLICT', `View "${view}" has changed since its online rows were made.`, {
    hint: `Make them anew: falaj features materialize ${view}`,
    details: { view },
  });

/** Whether the record can tell what held at that instant. */
const knows = (record: OnlineRecord, layout: ViewLayout, at: number): boolean =>
  rowAt(record, at, layout.hasKnownTime) !== undefined &&
  (layout.windowMicros === null || at - layout.windowMicros >= record.windowFloor);

function inForce({ layout, records }: Found, row: number, at: number): Buffer | null {
  const record = records[row] ?? null;
  return record === null ? null : (rowAt(record, at, layout.hasKnownTime) ?? null);
}

const isExpired = (row: Buffer, at: number, ttlMicros: number | null): boolean =>
  ttlMicros !== null && timesOf(row).event < at - ttlMicros;

/** Features that are computed from the request alone. */
function fillComputed(
  { planned }: ReadPlan,
  columns: readonly Column[],
  answers: readonly OnlineAnswer[],
): void {
  for (const [index, answer] of answers.entries()) {
    answer.eventTime[planned.alias] = null;
    for (const column of columns) {
      const value = cellToJson(column, index);
      answer.values[column.name] = value;
      answer.status[column.name] = value === null ? 'NULL' : 'PRESENT';
    }
  }
}

/** Features that are taken from the row in force. */
function fillColumns(
  { planned, ttlMicros }: ReadPlan,
  { layout: { features: layout } }: Found,
  rows: readonly (Buffer | null)[],
  at: number,
  answers: readonly OnlineAnswer[],
): void {
  for (const { name, aggregate } of planned.features) {
    if (aggregate !== undefined) continue;
    const column = `${planned.alias}__${name}`;
    const place = layout.place(name);
    for (const [index, answer] of answers.entries()) {
      const row = rows[index]!;
      const expired = row !== null && isExpired(row, at, ttlMicros);
      const value = row === null || expired ? null : layout.json(row, place);
      answer.values[column] = value;
      answer.status[column] =
        row === null ? 'NOT_FOUND' : expired ? 'EXPIRED' : value === null ? 'NULL' : 'PRESENT';
    }
  }
}

interface Question {
  readonly keys: Table;
  readonly bytes: readonly (Buffer | null)[];
  readonly rows: readonly (Buffer | null)[];
  readonly at: number;
}

/** Windowed features, computed by the join itself over the rows that are kept. */
async function fillWindows(
  { planned, ttlMicros }: ReadPlan,
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
  planned: ReadPlan['planned'],
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
    eventTime: '',
    ttlMicros: planned.view.ttl === undefined ? null : parseDuration(planned.view.ttl),
    sourceRow: null,
  };
}
