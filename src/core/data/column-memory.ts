import type { Column, ColumnSchema, ColumnType } from '../../shared/table/column.ts';
import { type LogicalValues, memoryOf, type TableMemory } from './duckdb/logical.ts';

/** Room for the values of a column of this type; `isWide` for integers beyond ±2^53. */
export function roomForValues(
  type: ColumnType,
  rows: number,
  { isWide, memory }: { readonly isWide: boolean; readonly memory: TableMemory },
): LogicalValues {
  if (type === 'string') return new Uint32Array(memoryOf(memory, rows * 4));
  if (type === 'bool') return new Uint8Array(memoryOf(memory, rows));
  const buffer = memoryOf(memory, rows * 8);
  return isWide ? new BigInt64Array(buffer) : new Float64Array(buffer);
}

/** A byte of presence for each row, all present. */
export const roomForPresence = (rows: number, memory: TableMemory): Uint8Array =>
  new Uint8Array(memoryOf(memory, rows)).fill(1);

/** Puts the values of some rows to their place; what fits doubles may go among wide integers. */
export function putValues(target: LogicalValues, firstRow: number, values: LogicalValues): void {
  if (target instanceof BigInt64Array) {
    if (values instanceof BigInt64Array) target.set(values, firstRow);
    else for (let row = 0; row < values.length; row++) target[firstRow + row] = BigInt(values[row]!);
  } else {
    target.set(values as Exclude<LogicalValues, BigInt64Array>, firstRow);
  }
}

/** @param dictionary of text; it belongs to no other column. */
export function columnOf(
  { name, type }: ColumnSchema,
  values: LogicalValues,
  validity: Uint8Array | null,
  dictionary: readonly string[],
): Column {
  if (type === 'string') return { name, type, validity, dictionary, values: values as Uint32Array };
  if (type === 'bool') return { name, type, validity, values: values as Uint8Array };
  if (values instanceof BigInt64Array) return { name, type: 'int64', validity, values };
  return { name, type, validity, values: values as Float64Array };
}
