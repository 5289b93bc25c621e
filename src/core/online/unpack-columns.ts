import type { Column } from '../../shared/table/column.ts';
import type { PackedValue, RowLayout } from './packed-row.ts';

const INITIAL_ROWS = 64;

/** A column in the making, value by value. Numbers, times, truth and places in the dictionary all fit a double. */
export class ColumnBuilder {
  readonly #name: string;
  readonly #type: Column['type'];
  #rows = 0;
  #values: Float64Array;
  /** Set once there is an integer that does not fit a double. */
  #wide: BigInt64Array | null = null;
  /** Set once there is a null. */
  #validity: Uint8Array | null = null;
  readonly #codes = new Map<string, number>();

  constructor(
    { name, type }: { readonly name: string; readonly type: Column['type'] },
    expectedRows = INITIAL_ROWS,
  ) {
    this.#name = name;
    this.#type = type;
    this.#values = new Float64Array(Math.max(1, expectedRows));
  }

  add(value: PackedValue | null): void {
    const row = this.#rows++;
    if (row === this.#values.length) this.#grow();
    if (value === null) {
      this.#validity ??= new Uint8Array(this.#values.length).fill(1);
      this.#validity[row] = 0;
    } else if (typeof value === 'string') this.#values[row] = this.#codeOf(value);
    else if (typeof value === 'bigint') this.#addInteger(row, value);
    else this.#values[row] = Number(value);
  }

  take(): Column {
    const name = this.#name;
    const values = this.#values.slice(0, this.#rows);
    const validity = this.#validity?.slice(0, this.#rows) ?? null;
    switch (this.#type) {
      case 'string': {
        const dictionary = [...this.#codes.keys()];
        return { name, type: 'string', validity, values: Uint32Array.from(values), dictionary };
      }
      case 'bool':
        return { name, type: 'bool', validity, values: Uint8Array.from(values) };
      case 'int64':
        if (this.#wide === null) return { name, type: 'int64', validity, values };
        return { name, type: 'int64', validity, values: this.#wide.slice(0, this.#rows) };
      default:
        return { name, type: this.#type, validity, values };
    }
  }

  #codeOf(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.#codes.size);
    return this.#codes.size - 1;
  }

  #addInteger(row: number, value: bigint): void {
    if (this.#wide === null && BigInt.asIntN(54, value) !== value) {
      this.#wide = BigInt64Array.from(this.#values, BigInt);
    }
    if (this.#wide === null) this.#values[row] = Number(value);
    else this.#wide[row] = value;
  }

  #grow(): void {
    const rows = 2 * this.#values.length;
    const values = new Float64Array(rows);
    values.set(this.#values);
    this.#values = values;
    if (this.#validity !== null) {
      const validity = new Uint8Array(rows).fill(1);
      validity.set(this.#validity);
      this.#validity = validity;
    }
    if (this.#wide !== null) {
      const wide = new BigInt64Array(rows);
      wide.set(this.#wide);
      this.#wide = wide;
    }
  }
}

/** Every column of the rows, in the layout's order. */
export function unpackColumns(layout: RowLayout, rows: readonly Buffer[]): Column[] {
  return layout.columns.map((schema, index) => {
    const builder = new ColumnBuilder(schema, rows.length);
    for (const row of rows) builder.add(layout.value(row, index));
    return builder.take();
  });
}
