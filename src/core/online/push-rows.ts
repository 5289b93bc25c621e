import type { ColumnSchema, Table } from '../../shared/table/column.ts';
import { PUSHED_EVENT_TIME, PUSHED_KNOWN_TIME } from '../features/index.ts';
import { type RowLayout, timesOf } from './packed-row.ts';
import { placeOf } from './push-layouts.ts';
import { ColumnBuilder } from './unpack-columns.ts';

/** A row as it was pushed. */
export interface PushedRow {
  readonly layout: RowLayout;
  readonly row: Buffer;
}

/** Columns of pushed rows, made row by row: null where a row was pushed without one. */
export class PushedColumns {
  readonly #view: string;
  readonly #columns: readonly ColumnSchema[];
  readonly #builders: readonly ColumnBuilder[];
  #layout: RowLayout | null = null;
  #places: readonly number[] = [];
  #rows = 0;

  constructor(view: string, columns: readonly ColumnSchema[], expectedRows: number) {
    this.#view = view;
    this.#columns = columns;
    this.#builders = columns.map((column) => new ColumnBuilder(column, expectedRows));
  }

  add({ layout, row }: PushedRow): void {
    if (layout !== this.#layout) {
      this.#places = this.#columns.map((column) => placeOf(this.#view, layout, column));
      this.#layout = layout;
    }
    const times = timesOf(row);
    this.#columns.forEach(({ name }, index) => {
      const builder = this.#builders[index]!;
      if (name === PUSHED_EVENT_TIME) builder.add(times.event);
      else if (name === PUSHED_KNOWN_TIME) builder.add(times.known);
      else builder.add(this.#places[index]! < 0 ? null : layout.value(row, this.#places[index]!));
    });
    this.#rows++;
  }

  take(): Table {
    return { rows: this.#rows, columns: this.#builders.map((builder) => builder.take()) };
  }
}
