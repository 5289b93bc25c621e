import type { Store } from '../store/index.ts';
import { layoutFromText, layoutToText, type ViewLayout } from './view-layout.ts';

/** A view's online rows and what they were made from. */
export interface OnlineSet {
  readonly id: number;
  readonly view: string;
  /** Digest of the definition that made the rows. */
  readonly definition: string;
  readonly layout: ViewLayout;
  /** Version of the source dataset; 0 for pushed rows. */
  readonly sourceVersion: number;
  /** Rows of the source that have been taken in: the sequence of the next one. */
  readonly taken: number;
  readonly entities: number;
  /** Greatest event time taken in, in microseconds. */
  readonly newestEvent: number | null;
  readonly writtenAtMs: number;
}

export interface NewSet {
  readonly view: string;
  readonly definition: string;
  readonly layout: ViewLayout;
  readonly sourceVersion: number;
  /** What the run was asked for; an unfinished set is only continued by a run that asks for the same. */
  readonly bounds: string;
}

interface SetRow {
  readonly id: number;
  readonly view: string;
  readonly definition: string;
  readonly layout: string;
  readonly source_version: number;
  readonly bounds: string;
  readonly taken: number;
  readonly entities: number;
  readonly newest_event: number | null;
  readonly written_at: number;
}

/** The rows of the online tables; no rules. */
export class OnlineSets {
  readonly #store: Store;
  /** A set's layout never changes. */
  readonly #layouts = new Map<number, ViewLayout>();

  constructor(store: Store) {
    this.#store = store;
  }

  live(view: string): OnlineSet | undefined {
    const row = this.#store
      .statement<SetRow>('SELECT * FROM online_set WHERE view = ? AND live = 1')
      .get(view);
    return row === undefined ? undefined : this.#toSet(row);
  }

  /** The unfinished set of a run that was cut short, if it was asked for the same; any other one is retired. */
  unfinished(wanted: NewSet): OnlineSet | undefined {
    const row = this.#store
      .statement<SetRow>('SELECT * FROM online_set WHERE view = ? AND live = 0')
      .get(wanted.view);
    if (row === undefined) return undefined;
    const same =
      row.definition === wanted.definition &&
      row.layout === layoutToText(wanted.layout) &&
      row.source_version === wanted.sourceVersion &&
      row.bounds === wanted.bounds;
    if (same) return this.#toSet(row);
    this.retire(row.id);
    return undefined;
  }

  create(wanted: NewSet, state: { readonly live: boolean; readonly nowMs: number }): OnlineSet {
    const { lastInsertRowid } = this.#store
      .statement(
        `INSERT INTO online_set (view, live, definition, layout, source_version, bounds, taken, entities, newest_event, written_at)
         VALUES (?, ?, ?, ?, ?, ?, 0, 0, NULL, ?)`,
      )
      .run(
        wanted.view,
        state.live ? 1 : 0,
        wanted.definition,
        layoutToText(wanted.layout),
        wanted.sourceVersion,
        wanted.bounds,
        state.nowMs,
      );
    return {
      ...wanted,
      id: Number(lastInsertRowid),
      taken: 0,
      entities: 0,
      newestEvent: null,
      writtenAtMs: state.nowMs,
    };
  }

  isUnfinished(set: OnlineSet): boolean {
    return (
      this.#store.statement('SELECT 1 FROM online_set WHERE id = ? AND live = 0').get(set.id) !== undefined
    );
  }

  /** Makes the set the one that is read; the one before waits for its removal. */
  publish(set: OnlineSet): void {
    this.#store.statement('UPDATE online_set SET live = NULL WHERE view = ? AND live = 1').run(set.view);
    this.#store.statement('UPDATE online_set SET live = 1 WHERE id = ?').run(set.id);
  }

  retire(id: number): void {
    this.#store.statement('UPDATE online_set SET live = NULL WHERE id = ?').run(id);
  }

  /** Retires the sets of views that are no more. */
  retireOthers(views: ReadonlySet<string>): void {
    const known = this.#store
      .statement<{ id: number; view: string }>('SELECT id, view FROM online_set WHERE live IS NOT NULL')
      .all();
    for (const { id, view } of known) if (!views.has(view)) this.retire(id);
  }

  /** Removes some rows of retired sets; false once there are none. */
  sweep(rows: number): boolean {
    const retired = this.#store
      .statement<{ id: number }>('SELECT id FROM online_set WHERE live IS NULL LIMIT 1')
      .get();
    if (retired === undefined) return false;
    const { changes } = this.#store
      .statement(
        'DELETE FROM online_row WHERE set_id = ? AND key IN (SELECT key FROM online_row WHERE set_id = ? LIMIT ?)',
      )
      .run(retired.id, retired.id, rows);
    if (changes < rows) this.#store.statement('DELETE FROM online_set WHERE id = ?').run(retired.id);
    return true;
  }

  update(
    set: OnlineSet,
    change: {
      readonly taken: number;
      readonly addedEntities: number;
      readonly newestEvent: number | null;
      readonly nowMs: number;
    },
  ): void {
    this.#store
      .statement(
        `UPDATE online_set SET taken = max(taken, ?), entities = entities + ?,
           newest_event = max(coalesce(newest_event, ?), coalesce(?, newest_event)), written_at = ? WHERE id = ?`,
      )
      .run(change.taken, change.addedEntities, change.newestEvent, change.newestEvent, change.nowMs, set.id);
  }

  setSourceVersion(set: OnlineSet, version: number): void {
    this.#store.statement('UPDATE online_set SET source_version = ? WHERE id = ?').run(version, set.id);
  }

  record(set: OnlineSet, key: Buffer): Buffer | undefined {
    return this.#store
      .statement<{ record: Buffer }>('SELECT record FROM online_row WHERE set_id = ? AND key = ?')
      .get(set.id, key)?.record;
  }

  put(set: OnlineSet, key: Buffer, record: Buffer): void {
    this.#store
      .statement('INSERT OR REPLACE INTO online_row (set_id, key, record) VALUES (?, ?, ?)')
      .run(set.id, key, record);
  }

  /** The greatest key, where a run that was cut short had come to. */
  lastKey(set: OnlineSet): Buffer | null {
    return (
      this.#store
        .statement<{ key: Buffer }>('SELECT key FROM online_row WHERE set_id = ? ORDER BY key DESC LIMIT 1')
        .get(set.id)?.key ?? null
    );
  }

  #toSet(row: SetRow): OnlineSet {
    let layout = this.#layouts.get(row.id);
    if (layout === undefined) {
      layout = layoutFromText(row.layout);
      this.#layouts.set(row.id, layout);
    }
    return {
      id: row.id,
      view: row.view,
      definition: row.definition,
      layout,
      sourceVersion: row.source_version,
      taken: row.taken,
      entities: row.entities,
      newestEvent: row.newest_event,
      writtenAtMs: row.written_at,
    };
  }
}
