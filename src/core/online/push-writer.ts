import { type Column, findColumn, type Table } from '../../shared/table/column.ts';
import { PUSHED_EVENT_TIME, PUSHED_KNOWN_TIME } from '../features/index.ts';
import type { Store } from '../store/index.ts';
import { RowLayout, RowPacker } from './packed-row.ts';

export interface PushedView {
  readonly id: number;
  readonly rows: number;
}

/** One batch on its way into a view's history. */
export class PushWriter {
  readonly #store: Store;
  readonly #viewId: number;
  readonly #layoutId: number;
  readonly #columns: readonly Column[];
  readonly #packer: RowPacker;
  readonly #event: Float64Array;
  readonly #known: Float64Array;
  /** Rows of the history so far: the sequence of the next one. */
  rows: number;

  constructor(store: Store, view: PushedView, layoutId: number, columns: readonly Column[], table: Table) {
    this.#store = store;
    this.#viewId = view.id;
    this.#layoutId = layoutId;
    this.#columns = columns;
    this.#packer = new RowPacker(new RowLayout(columns.map(({ name, type }) => ({ name, type }))));
    this.#event = findColumn(table, PUSHED_EVENT_TIME)!.values as Float64Array;
    this.#known = findColumn(table, PUSHED_KNOWN_TIME)!.values as Float64Array;
    this.rows = view.rows;
  }

  /** Appends a row unless one of this event time and digest is there already; gives its sequence. */
  append(row: number, digest: Buffer): number | null {
    const event = this.#event[row]!;
    const { changes } = this.#store
      .statement('INSERT OR IGNORE INTO push_seen (view_id, event_time, digest) VALUES (?, ?, ?)')
      .run(this.#viewId, event, digest);
    if (changes === 0) return null;
    const sequence = this.rows++;
    const packed = this.#packer.pack({ event, known: this.#known[row]!, sequence }, this.#columns, row);
    this.#store
      .statement('INSERT INTO push_row (view_id, sequence, layout_id, row) VALUES (?, ?, ?, ?)')
      .run(this.#viewId, sequence, this.#layoutId, packed);
    return sequence;
  }

  finish(): void {
    this.#store.statement('UPDATE push_view SET rows = ? WHERE id = ?').run(this.rows, this.#viewId);
  }
}
