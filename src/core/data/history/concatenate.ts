import type { Column, ColumnSchema, Table } from '../../../shared/table/column.ts';
import { findColumn } from '../../../shared/table/column.ts';
import { assembleColumn, type LogicalValues } from '../duckdb/logical.ts';

/** Tables of the same columns below each other; text gets one dictionary, in order of first appearance. */
export function concatenateTables(schema: readonly ColumnSchema[], tables: readonly Table[]): Table {
  if (tables.length === 1) return tables[0]!;
  return {
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    columns: schema.map(({ name, type }) => {
      const columns = tables.map((table) => findColumn(table, name)!);
      if (type !== 'string') return assembleColumn(name, type, columns, []);
      const dictionary = new SharedDictionary();
      const pieces = columns.map((column) => dictionary.take(column));
      return assembleColumn(name, type, pieces, dictionary.entries);
    }),
  };
}

/** One dictionary for text columns that each come with their own. */
class SharedDictionary {
  readonly entries: string[] = [];
  readonly #codes = new Map<string, number>();

  take(column: Column): { values: LogicalValues; validity: Uint8Array | null } {
    if (column.type !== 'string') throw new TypeError(`Column "${column.name}" is not text.`);
    const shared = Uint32Array.from(column.dictionary, (entry) => this.#code(entry));
    const values = new Uint32Array(column.values.length);
    // A null's code means nothing and may lie outside an empty dictionary.
    for (let row = 0; row < values.length; row++) values[row] = shared[column.values[row]!] ?? 0;
    return { values, validity: column.validity };
  }

  #code(entry: string): number {
    const known = this.#codes.get(entry);
    if (known !== undefined) return known;
    this.#codes.set(entry, this.entries.length);
    return this.entries.push(entry) - 1;
  }
}
