import { z } from 'zod';
import { columnSchemaSchema } from '../../shared/contract/common.ts';
import { FalajError } from '../../shared/errors.ts';
import type { ColumnSchema } from '../../shared/table/column.ts';
import type { Store } from '../store/index.ts';
import { RowLayout } from './packed-row.ts';

const columnsSchema = z.array(columnSchemaSchema);

/** The columns that rows were pushed with, by number: each set of columns has one. */
export class PushLayouts {
  readonly #store: Store;
  readonly #layouts = new Map<number, RowLayout>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The number of these columns, which are given one if they have none; in a transaction. */
  idOf(viewId: number, columns: readonly ColumnSchema[]): number {
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

  get(id: number): RowLayout {
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

/** Where rows of a layout have a column; −1 for one that came later. One whose type has changed cannot be read as both. */
export function placeOf(view: string, layout: RowLayout, column: ColumnSchema): number {
  const place = layout.place(column.name);
  const then = layout.columns[place]?.type;
  if (then === undefined || then === column.type) return place;
  throw new FalajError(
    'TYPE_MISMATCH',
    `Column "${column.name}" of view "${view}" is ${column.type} now, but rows were pushed with it as ${then}.`,
    { hint: 'Give the new kind of values a name of their own.', details: { column: column.name, view } },
  );
}
