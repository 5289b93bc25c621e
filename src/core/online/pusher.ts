import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FalajError } from '../../shared/errors.ts';
import { type Column, findColumn, isPresent, type Table } from '../../shared/table/column.ts';
import { parseDuration } from '../../shared/units.ts';
import type { AuditLog } from '../audit/index.ts';
import { takeRows } from '../data/index.ts';
import {
  aggregatedColumns,
  type FeatureRoom,
  PUSHED_EVENT_TIME,
  PUSHED_KNOWN_TIME,
  rowFeatures,
  rowsAsSource,
  type ViewHistory,
} from '../features/index.ts';
import type { Store } from '../store/index.ts';
import { EntityKeys } from './entity-key.ts';
import { EMPTY_RECORD, packRecord, unpackRecord, withRows } from './online-record.ts';
import type { OnlineSet, OnlineSets } from './online-sets.ts';
import { RowLayout, RowPacker } from './packed-row.ts';
import type { PushLog } from './push-log.ts';
import { layoutOf, layoutToText, staleRows, type ViewLayout } from './view-layout.ts';
import type { ViewPlan, ViewPlans } from './view-plans.ts';

export interface PusherOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly features: FeatureRoom;
  readonly sets: OnlineSets;
  readonly log: PushLog;
  readonly plans: ViewPlans;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export interface Pushed {
  readonly view: string;
  readonly rows: number;
  /** Rows that were new; the others had come before. */
  readonly added: number;
  readonly duplicates: number;
}

const DEFAULT_SKEW = '5m';
const DIGEST_BYTES = 16;
/** Written in one transaction, in which nobody else gets a turn: half a second. Smaller ones write the same pages more often. */
const BATCH_ROWS = 10_000;

/** Takes rows into a pushed view: into its history, and online where they are newer than what is there. */
export class Pusher {
  readonly #options: PusherOptions;

  constructor(options: PusherOptions) {
    this.#options = options;
  }

  /** All rows of the table, whose columns are those of the view's pushed rows, or none. */
  async push(plan: ViewPlan, given: Table): Promise<Pushed> {
    const now = this.#options.clock() * 1000;
    checkTimes(given, now, plan);
    return this.#batch(plan, given, now);
  }

  /**
   * The same for many rows: all are checked before the first is written, then each batch is written at once. What stops in
   * between leaves whole batches; pushing the rows again adds the others.
   */
  async pushAll(
    plan: ViewPlan,
    given: Table,
    { signal, onRows }: { readonly signal: AbortSignal; readonly onRows: (rows: number) => void },
  ): Promise<Pushed> {
    const now = this.#options.clock() * 1000;
    checkTimes(given, now, plan);
    let pushed: Pushed = { view: plan.whole.view.name, rows: 0, added: 0, duplicates: 0 };
    for (let from = 0; from < given.rows; from += BATCH_ROWS) {
      signal.throwIfAborted();
      const batch = rowsOf(given, from, Math.min(given.rows, from + BATCH_ROWS));
      const { rows, added, duplicates } = await this.#batch(plan, batch, now);
      pushed = {
        ...pushed,
        rows: pushed.rows + rows,
        added: pushed.added + added,
        duplicates: pushed.duplicates + duplicates,
      };
      onRows(pushed.rows);
      // Whoever waits for the engine gets a turn.
      await nextTurn();
    }
    return pushed;
  }

  async #batch(plan: ViewPlan, given: Table, now: number): Promise<Pushed> {
    const { store, audit, features, log, sets, clock } = this.#options;
    const { name } = plan.whole.view;
    const table = withArrival(given, now);
    const history = await features.history(plan.whole, { source: rowsAsSource(table) });
    const layout = layoutOf(history, plan.whole);
    const digests = contentDigests(given);
    return store.transaction(() => {
      const set = this.#set(plan, layout);
      const writer = log.writer(name, table);
      const before = writer.rows;
      const sequences = digests.map((digest, row) => writer.append(row, digest));
      const added = writer.rows - before;
      if (added > 0) {
        writer.finish();
        const change = this.#update(set, plan, history, sequences, now);
        sets.update(set, { ...change, taken: set.taken === before ? writer.rows : 0, nowMs: clock() });
        audit.append({
          action: 'features.push',
          object: `FeatureView/${name}`,
          details: { rows: added, duplicates: table.rows - added, lastSequence: writer.rows - 1 },
        });
      }
      return { view: name, rows: table.rows, added, duplicates: table.rows - added };
    });
  }

  #set(plan: ViewPlan, layout: ViewLayout): OnlineSet {
    const { sets, clock } = this.#options;
    const { name } = plan.whole.view;
    const set = sets.live(name);
    if (set === undefined) {
      const wanted = { view: name, definition: plan.definition, layout, sourceVersion: 0, bounds: '..' };
      return sets.create(wanted, { live: true, nowMs: clock() });
    }
    if (set.definition === plan.definition && layoutToText(set.layout) === layoutToText(layout)) return set;
    throw staleRows(name);
  }

  #update(
    set: OnlineSet,
    { whole }: ViewPlan,
    history: ViewHistory,
    sequences: readonly (number | null)[],
    now: number,
  ): { addedEntities: number; newestEvent: number | null } {
    const { sets } = this.#options;
    const { layout } = set;
    const rule = { ...layout, now };
    const keys = new EntityKeys(whole.keys.map(({ source }) => findColumn(history.table, source)!));
    const features = rowFeatures(
      history,
      whole,
      Int32Array.from(sequences, (_sequence, row) => row),
    );
    const aggregated = layout.windowMicros === null ? null : aggregatedColumns(history, whole);
    const featurePacker = new RowPacker(layout.features);
    const windowPacker = new RowPacker(layout.window);
    const entities = new Map<string, { key: Buffer; candidates: Buffer[]; window: Buffer[] }>();
    let newestEvent: number | null = null;
    sequences.forEach((sequence, row) => {
      const key = sequence === null ? null : keys.of(row);
      if (sequence === null || key === null) return;
      const times = { event: history.event[row]!, known: history.known![row]!, sequence };
      newestEvent = Math.max(newestEvent ?? Number.NEGATIVE_INFINITY, times.event);
      const id = key.toString('latin1');
      let entity = entities.get(id);
      if (entity === undefined) {
        entity = { key, candidates: [], window: [] };
        entities.set(id, entity);
      }
      entity.candidates.push(featurePacker.pack(times, features, row));
      if (aggregated !== null) entity.window.push(windowPacker.pack(times, aggregated, row));
    });
    let addedEntities = 0;
    for (const { key, candidates, window } of entities.values()) {
      const packed = sets.record(set, key);
      if (packed === undefined) addedEntities++;
      const record = packed === undefined ? EMPTY_RECORD : unpackRecord(packed);
      sets.put(set, key, packRecord(withRows(record, { candidates, window }, rule)));
    }
    return { addedEntities, newestEvent };
  }
}

/** In memory of their own: text keeps its dictionary. */
const rowsOf = (table: Table, from: number, to: number): Table =>
  takeRows(
    table,
    Uint32Array.from({ length: to - from }, (_, row) => from + row),
  );

function checkTimes(table: Table, now: number, { whole }: ViewPlan): void {
  const skew = parseDuration(whole.view.source.skew ?? DEFAULT_SKEW);
  for (const name of [PUSHED_EVENT_TIME, PUSHED_KNOWN_TIME]) {
    const column = findColumn(table, name)!;
    for (let row = 0; row < table.rows; row++) {
      if (!isPresent(column, row) || Number(column.values[row]) <= now + skew) continue;
      throw new FalajError('BAD_INPUT', `Row ${row + 1}: "${name}" lies in the future.`, {
        hint: `Check the clock and the zone of the sender. At most ${whole.view.source.skew ?? DEFAULT_SKEW} ahead is accepted.`,
        details: { row: row + 1, field: name },
      });
    }
  }
  for (const column of table.columns) {
    if (column.type !== 'float64') continue;
    for (let row = 0; row < table.rows; row++) {
      if (!isPresent(column, row) || Number.isFinite(column.values[row]!)) continue;
      throw new FalajError('BAD_INPUT', `Row ${row + 1}: "${column.name}" is not a finite number.`, {
        hint: 'Leave the value out where there is none.',
        details: { row: row + 1, field: column.name },
      });
    }
  }
}

/** Rows that do not say when they became known became known when they came. */
function withArrival(table: Table, now: number): Table {
  const columns = table.columns.map((column): Column => {
    if (column.name !== PUSHED_KNOWN_TIME) return column;
    const values = Float64Array.from({ length: table.rows }, (_, row) =>
      isPresent(column, row) ? Number(column.values[row]) : now,
    );
    return { name: column.name, type: 'timestamp', validity: null, values };
  });
  return { rows: table.rows, columns };
}

/** Of all that a row says, but not of when it came. */
function contentDigests(table: Table): Buffer[] {
  const layout = new RowLayout(table.columns.map(({ name, type }) => ({ name, type })));
  const packer = new RowPacker(layout);
  const none = { event: 0, known: 0, sequence: 0 };
  return Array.from({ length: table.rows }, (_, row) =>
    createHash('sha256')
      .update(packer.pack(none, table.columns, row))
      .digest()
      .subarray(0, DIGEST_BYTES),
  );
}
