import type { Column } from '../../shared/table/column.ts';
import type { PackedValue, RowLayout } from './packed-row.ts';

/** The columns of packed rows, one value per row and null where the layout of a row lacks the column. */
export class ColumnBuilder {
  readonly #name: string;
  readonly #type: Column['type'];
  readonly #values: (PackedValue | null)[] = [];

  constructor({ name, type }: { readonly name: string; readonly type: Column['type'] }) {
    this.#name = name;
    this.#type = type;
  }

  add(value: PackedValue | null): void {
    this.#values.push(value);
  }

  take(): Column {
    const name = this.#name;
    const values = this.#values;
    const validity = values.includes(null)
      ? Uint8Array.from(values, (value) => (value === null ? 0 : 1))
      : null;
    switch (this.#type) {
      case 'string':
        return { name, type: 'string', validity, ...encodeTexts(values) };
      case 'bool':
        return {
          name,
          type: 'bool',
          validity,
          values: Uint8Array.from(values, (value) => (value === true ? 1 : 0)),
        };
      case 'int64':
        return values.every((value) => typeof value !== 'bigint' || BigInt.asIntN(54, value) === value)
          ? { name, type: 'int64', validity, values: Float64Array.from(values, Number) }
          : {
              name,
              type: 'int64',
              validity,
              values: BigInt64Array.from(values, (value) => (typeof value === 'bigint' ? value : 0n)),
            };
      default:
        return { name, type: this.#type, validity, values: Float64Array.from(values, Number) };
    }
  }
}

/** Every column of the rows, in the layout's order. */
export function unpackColumns(layout: RowLayout, rows: readonly Buffer[]): Column[] {
  return layout.columns.map((schema, index) => {
    const builder = new ColumnBuilder(schema);
    for (const row of rows) builder.add(layout.value(row, index));
    return builder.take();
  });
}

function encodeTexts(values: readonly (PackedValue | null)[]): { values: Uint32Array; dictionary: string[] } {
  const codes = new Map<string, number>();
  const encoded = new Uint32Array(values.length);
  values.forEach((value, row) => {
    if (typeof value !== 'string') return;
    let code = codes.get(value);
    if (code === undefined) {
      code = codes.size;
      codes.set(value, code);
    }
    encoded[row] = code;
  });
  return { values: encoded, dictionary: [...codes.keys()] };
}
