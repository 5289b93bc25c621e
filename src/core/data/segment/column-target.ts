import type { Column, ColumnSchema } from '../../../shared/table/column.ts';
import { columnOf, putValues, roomForPresence, roomForValues } from '../column-memory.ts';
import type { LogicalValues, TableMemory } from '../duckdb/logical.ts';

/** What the directory tells of a column before any of its rows is read. */
export interface TargetShape {
  readonly rows: number;
  /** Some group holds integers beyond ±2^53. */
  readonly isWide: boolean;
  readonly hasNulls: boolean;
  readonly memory: TableMemory;
}

/** A column being put together: its memory is taken once, and row groups go to their place in any order. */
export class ColumnTarget {
  readonly #schema: ColumnSchema;
  readonly #values: LogicalValues;
  readonly #validity: Uint8Array | null;

  constructor(schema: ColumnSchema, { rows, isWide, hasNulls, memory }: TargetShape) {
    this.#schema = schema;
    this.#validity = hasNulls ? roomForPresence(rows, memory) : null;
    this.#values = roomForValues(schema.type, rows, { isWide, memory });
  }

  putValidity(firstRow: number, validity: Uint8Array): void {
    this.#validity!.set(validity, firstRow);
  }

  /** The place of a group's doubles, to be filled; null where the column has other values. */
  doublesAt(firstRow: number, rows: number): Float64Array | null {
    return this.#values instanceof Float64Array ? this.#values.subarray(firstRow, firstRow + rows) : null;
  }

  putValues(firstRow: number, values: LogicalValues): void {
    putValues(this.#values, firstRow, values);
  }

  column(dictionary: readonly string[]): Column {
    return columnOf(this.#schema, this.#values, this.#validity, dictionary);
  }
}
