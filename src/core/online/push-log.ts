import { createHash } from 'node:crypto';
import { z } from 'zod';
import { columnSchemaSchema } from '../../shared/contract/common.ts';
import { FalajError } from '../../shared/errors.ts';
import { type Column, type ColumnSchema, findColumn, type Table } from '../../shared/table/column.ts';
import { PUSHED_EVENT_TIME, PUSHED_KNOWN_TIME, type PushedRows } from '../features/index.ts';
import type { Store } from '../store/index.ts';
import { RowLayout, RowPacker, timesOf } from './packed-row.ts';
import { ColumnBuilder } from './unpack-columns.ts';

const columnsSchema = z.array(columnSchemaSchema);

const isTime = ({ name }: ColumnSchema): boolean => name === PUSHED_EVENT_TIME || name === PUSHED_KNOWN_TIME;

interface ViewRow {
  readonly id: number;
  readonly rows: number;
}

/** The history of pushed views: rows in the order in which they came, never changed. A row's number is its sequence. */
export class PushLog implements PushedRows {
  readonly #store: Store;
  readonly #layouts = new Map<number, RowLayout>();

  constructor(store: Store) {
    this.#store = store;
  }

  rows(view: string): number {
    return this.#view(view)?.rows ?? 0;
  }

  newestKnown(view: string): number | null {
    const newest = this.#store
      .statement<{ row: Buffer }>('SELECT row FROM push_row WHERE view_id = ? ORDER BY sequence DESC LIMIT 1')
      .get(this.#view(view)?.id ?? -1);
    return newest === undefined ? null : timesOf(newest.row).known;
  }

  /** Opens the view's history for one batch of these columns, inside the transaction that writes it. */
  writer(view: string, table: Table): PushWriter {
    const stored = this.#view(view) ?? this.#create(view);
    const columns = table.columns.filter((column) => !isTime(column));
    return new PushWriter(this.#store, stored, this.#layoutId(stored.id, columns), columns, table);
  }

  load(view: string, columns: readonly ColumnSchema[], first?: number): Table {
    const stored = this.#view(view);
    const wanted = first ?? stored?.rows ?? 0;
    const builders = columns.map((column) => new ColumnBuilder(column, wanted));
    let rows = 0;
    let from: { layout: RowLayout; places: readonly number[] } | null = null;
    let layoutId = -1;
    for (const row of this.#rowsOf(stored?.id ?? -1, wanted)) {
      if (row.layout_id !== layoutId) {
        const layout = this.#layout(row.layout_id);
        from = { layout, places: columns.map((column) => placeOf(view, layout, column)) };
        layoutId = row.layout_id;
      }
      const { layout, places } = from!;
      const times = timesOf(row.row);
      columns.forEach((column, index) => {
        const builder = builders[index]!;
        if (column.name === PUSHED_EVENT_TIME) builder.add(times.event);
        else if (column.name === PUSHED_KNOWN_TIME) builder.add(times.known);
        else builder.add(places[index]! < 0 ? null : layout.value(row.row, places[index]!));
      });
      rows++;
    }
    return { rows, columns: builders.map((builder) => builder.take()) };
  }

  /** Over the columns as they were pushed and the rows as they are kept, which nothing changes. */
  digest(view: string, first: number): string {
    const hash = createHash('sha256');
    let layoutId = -1;
    for (const { layout_id, row } of this.#rowsOf(this.#view(view)?.id ?? -1, first)) {
      if (layout_id !== layoutId) hash.update(JSON.stringify(this.#layout(layout_id).columns));
      layoutId = layout_id;
      hash.update(lengthOf(row)).update(row);
    }
    return hash.digest('hex');
  }

  #rowsOf(viewId: number, first: number): IterableIterator<{ layout_id: number; row: Buffer }> {
    return this.#store
      .statement<{ layout_id: number; row: Buffer }>(
        'SELECT layout_id, row FROM push_row WHERE view_id = ? AND sequence < ? ORDER BY sequence',
      )
      .iterate(viewId, first);
  }

  #view(view: string): ViewRow | undefined {
    return this.#store.statement<ViewRow>('SELECT id, rows FROM push_view WHERE view = ?').get(view);
  }

  #create(view: string): ViewRow {
    const { lastInsertRowid } = this.#store
      .statement('INSERT INTO push_view (view, rows) VALUES (?, 0)')
      .run(view);
    return { id: Number(lastInsertRowid), rows: 0 };
  }

  #layoutId(viewId: number, columns: readonly ColumnSchema[]): number {
    const text = JSON.stringify(columns.map(({ name, type }) => ({ name, type })));
    const known = this.#store
      .statement<{ id: number }>('SELECT id FROM push_layout WHERE view_id = ? AND columns = ?')
      .get(viewId, text);
    if (known !== undefined) return known.id;
    return Number(
      this.#store.statement('INSERT INTO push_layout (view_id, columns) VALUES (?, ?)').run(viewId, text)
        .lastInsertRowid,
    );
  }

  #layout(id: number): RowLayout {
    let layout = this.#layouts.get(id);
    if (layout === undefined) {
      const { columns } = this.#store
        .statement<{ columns: string }>('SELECT columns FROM push_layout WHERE id = ?')
        .get(id)!;
      layout = new RowLayout(columnsSchema.parse(JSON.parse(columns)));
      this.#layouts.set(id, layout);
    }
    return layout;
  }
}

function lengthOf(row: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(row.length);
  return length;
}

/** A column that came later has no value in older rows; one whose type has changed cannot be read as both. */
function placeOf(view: string, layout: RowLayout, column: ColumnSchema): number {
  const place = layout.place(column.name);
  const then = layout.columns[place]?.type;
  if (then === undefined || then === column.type) return place;
  throw new FalajError(
    'TYPE_MISMATCH',
    `Column "${column.name}" of view "${view}" is ${column.type} now, but rows were pushed with it as ${then}.`,
    { hint: 'Give the new kind of values a name of their own.', details: { column: column.name, view } },
  );
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

  constructor(store: Store, view: ViewRow, layoutId: number, columns: readonly Column[], table: Table) {
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
