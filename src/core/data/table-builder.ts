import type { Column, ColumnSchema, Table } from '../../shared/table/column.ts';
import { type LogicalValues, memoryOf, type TableMemory } from './duckdb/logical.ts';
import type { RowGroup } from './segment/writer.ts';

/** Rows for which memory is taken on a promise alone: a file may promise any number. */
const MOST_PROMISED_ROWS = 4_194_304;
const LEAST_ROWS = 2_048;

/** A table in memory that grows by row groups, each copied once to its place. */
export class TableBuilder {
  readonly #columns: readonly ColumnBuilder[];
  #rows = 0;

  /** @param expectedRows where the source tells how many will come. */
  constructor(schema: readonly ColumnSchema[], expectedRows: number | null, memory: TableMemory) {
    const capacity = Math.max(LEAST_ROWS, Math.min(expectedRows ?? 0, MOST_PROMISED_ROWS));
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
    const { type } = schema;
    if (type === 'string') this.#values = new Uint32Array(this.#buffer(4));
    else if (type === 'bool') this.#values = new Uint8Array(this.#buffer(1));
    else this.#values = new Float64Array(this.#buffer(8));
  }

  add(firstRow: number, rows: number, { values, validity, fresh }: RowGroup['columns'][number]): void {
    if (firstRow + rows > this.#capacity) this.#grow(firstRow, firstRow + rows);
    if (values instanceof BigInt64Array && this.#values instanceof Float64Array) this.#widen(firstRow);
    this.#put(firstRow, values);
    if (validity !== null) {
      this.#validity ??= new Uint8Array(this.#buffer(1)).fill(1);
      this.#validity.set(validity, firstRow);
    }
    for (const entry of fresh) this.#dictionary.push(entry);
  }

  column(rows: number): Column {
    const { name, type } = this.#schema;
    const validity = this.#validity?.subarray(0, rows) ?? null;
    const values = this.#values.subarray(0, rows);
    return (
      type === 'string'
        ? { name, type, validity, values, dictionary: this.#dictionary }
        : { name, type, validity, values }
    ) as Column;
  }

  #put(firstRow: number, values: LogicalValues): void {
    const target = this.#values;
    if (target instanceof BigInt64Array && !(values instanceof BigInt64Array)) {
      for (let row = 0; row < values.length; row++) target[firstRow + row] = BigInt(values[row]!);
    } else {
      // Both are of the kind that the column's type has.
      target.set(values as never, firstRow);
    }
  }

  /** From here on its integers go beyond what doubles hold. */
  #widen(rows: number): void {
    const wide = new BigInt64Array(this.#buffer(8));
    for (let row = 0; row < rows; row++) wide[row] = BigInt(this.#values[row]!);
    this.#values = wide;
  }

  #grow(rows: number, atLeast: number): void {
    this.#capacity = Math.max(2 * this.#capacity, atLeast);
    const kept = this.#values.subarray(0, rows);
    const ArrayClass = kept.constructor as new (buffer: ArrayBufferLike) => LogicalValues;
    this.#values = new ArrayClass(this.#buffer(kept.BYTES_PER_ELEMENT));
    this.#values.set(kept as never);
    if (this.#validity === null) return;
    const validity = new Uint8Array(this.#buffer(1)).fill(1);
    validity.set(this.#validity.subarray(0, rows));
    this.#validity = validity;
  }

  #buffer(bytesPerRow: number): ArrayBufferLike {
    return memoryOf(this.#memory, this.#capacity * bytesPerRow);
  }
}
