import type { Column, ColumnSchema } from '../../../shared/table/column.ts';
import { type LogicalValues, memoryOf, type TableMemory } from '../duckdb/logical.ts';

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
    const buffer = (bytes: number): ArrayBufferLike => memoryOf(memory, bytes);
    this.#schema = schema;
    this.#validity = hasNulls ? new Uint8Array(buffer(rows)).fill(1) : null;
    if (schema.type === 'string') this.#values = new Uint32Array(buffer(rows * 4));
    else if (schema.type === 'bool') this.#values = new Uint8Array(buffer(rows));
    else this.#values = isWide ? new BigInt64Array(buffer(rows * 8)) : new Float64Array(buffer(rows * 8));
  }

  putValidity(firstRow: number, validity: Uint8Array): void {
    this.#validity!.set(validity, firstRow);
  }

  /** The place of a group's doubles, to be filled; null where the column has other values. */
  doublesAt(firstRow: number, rows: number): Float64Array | null {
    return this.#values instanceof Float64Array ? this.#values.subarray(firstRow, firstRow + rows) : null;
  }

  putValues(firstRow: number, values: LogicalValues): void {
    const target = this.#values;
    if (target instanceof BigInt64Array) {
      if (values instanceof BigInt64Array) target.set(values, firstRow);
      else for (let row = 0; row < values.length; row++) target[firstRow + row] = BigInt(values[row]!);
    } else {
      target.set(values as Exclude<LogicalValues, BigInt64Array>, firstRow);
    }
  }

  column(dictionary: readonly string[]): Column {
    const { name, type } = this.#schema;
    const validity = this.#validity;
    const values = this.#values;
    if (type === 'string') return { name, type, validity, dictionary, values: values as Uint32Array };
    if (type === 'bool') return { name, type, validity, values: values as Uint8Array };
    if (values instanceof BigInt64Array) return { name, type: 'int64', validity, values };
    return { name, type, validity, values: values as Float64Array };
  }
}
