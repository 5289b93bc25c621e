import type { Column, ColumnSchema, Table } from '../../shared/table/column.ts';
import { columnOf, putValues, roomForPresence, roomForValues } from './column-memory.ts';
import type { LogicalValues, TableMemory } from './duckdb/logical.ts';
import type { RowGroup } from './segment/writer.ts';

/** Memory that is taken on a promise alone: a file may promise any number of rows. */
const MOST_PROMISED_BYTES = 268_435_456;
const MOST_BYTES_PER_VALUE = 8;
const LEAST_ROWS = 2_048;

/** A table in memory that grows by row groups, each copied once to its place. */
export class TableBuilder {
  readonly #columns: readonly ColumnBuilder[];
  #rows = 0;

  /** @param expectedRows where the source tells how many will come. */
  constructor(schema: readonly ColumnSchema[], expectedRows: number | null, memory: TableMemory) {
    const affordable = Math.floor(MOST_PROMISED_BYTES / MOST_BYTES_PER_VALUE / Math.max(1, schema.length));
    const capacity = Math.max(LEAST_ROWS, Math.min(expectedRows ?? 0, affordable));
    this.#columns = schema.map((column) => new ColumnBuilder(column, capacity, memory));
  }

  add({ rows, columns }: RowGroup): void {
    for (const [index, column] of columns.entries()) this.#columns[index]!.add(this.#rows, rows, column);
    this.#rows += rows;
  }

  table(): Table {
    return { rows: this.#rows, columns: this.#columns.map((column) => column.column(this.#rows)) };
  }
}

class ColumnBuilder {
  readonly #schema: ColumnSchema;
  readonly #memory: TableMemory;
  readonly #dictionary: string[] = [];
  #capacity: number;
  #values: LogicalValues;
  /** Null until a row is. */
  #validity: Uint8Array | null = null;

  constructor(schema: ColumnSchema, capacity: number, memory: TableMemory) {
    this.#schema = schema;
    this.#memory = memory;
    this.#capacity = capacity;
    this.#values = roomForValues(schema.type, capacity, { isWide: false, memory });
  }

  add(firstRow: number, rows: number, { values, validity, fresh }: RowGroup['columns'][number]): void {
    if (firstRow + rows > this.#capacity) this.#grow(firstRow, firstRow + rows);
    // From here on its integers go beyond what doubles hold.
    if (values instanceof BigInt64Array && this.#values instanceof Float64Array)
      this.#moveValues(firstRow, true);
    putValues(this.#values, firstRow, values);
    if (validity !== null) {
      this.#validity ??= roomForPresence(this.#capacity, this.#memory);
      this.#validity.set(validity, firstRow);
    }
    for (const entry of fresh) this.#dictionary.push(entry);
  }

  column(rows: number): Column {
    const validity = this.#validity?.subarray(0, rows) ?? null;
    return columnOf(this.#schema, this.#values.subarray(0, rows), validity, this.#dictionary);
  }

  #grow(rows: number, atLeast: number): void {
    this.#capacity = Math.max(2 * this.#capacity, atLeast);
    this.#moveValues(rows, this.#values instanceof BigInt64Array);
    if (this.#validity === null) return;
    const validity = roomForPresence(this.#capacity, this.#memory);
    validity.set(this.#validity.subarray(0, rows));
    this.#validity = validity;
  }

  #moveValues(rows: number, isWide: boolean): void {
    const kept = this.#values.subarray(0, rows);
    this.#values = roomForValues(this.#schema.type, this.#capacity, { isWide, memory: this.#memory });
    putValues(this.#values, 0, kept);
  }
}
