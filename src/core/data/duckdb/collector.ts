import duckdb from '@duckdb/node-bindings';
import { StringCodes } from './string-codes.ts';
import {
  type NarrowValues,
  narrowCodes,
  narrowIntegers,
  type ReadPlan,
  wireArray,
  wireBytes,
} from './wire.ts';

const STRING_BYTES = 16;

export interface CollectedColumn extends NarrowValues {
  /** One byte per row, 1 = present; null when every row is present. */
  readonly validity: Uint8Array | null;
  /** Dictionary entries that appeared in these rows, for text. */
  readonly fresh: readonly string[];
}

/** Gathers the vectors of DuckDB's small chunks into column arrays of a row group. */
export class Collector {
  readonly #columns: readonly ColumnCollector[];
  #rows = 0;

  /** Rows that are not taken must stay below `rows`; one more chunk then always fits. */
  constructor(plans: readonly ReadPlan[], rows: number) {
    const capacity = rows + duckdb.vector_size();
    this.#columns = plans.map((plan) => new ColumnCollector(plan, capacity));
  }

  get rows(): number {
    return this.#rows;
  }

  /** Takes each `step`-th row of the chunk from row `first` on. */
  add(chunk: duckdb.DataChunk, first = 0, step = 1): void {
    const size = duckdb.data_chunk_get_size(chunk);
    const taken = first >= size ? 0 : Math.floor((size - 1 - first) / step) + 1;
    if (taken === 0) return;
    this.#columns.forEach((column, index) => {
      column.add(duckdb.data_chunk_get_vector(chunk, index), size, first, step, this.#rows);
    });
    this.#rows += taken;
  }

  /** The first rows as arrays of their own; the others stay. */
  take(rows = this.#rows): { rows: number; columns: CollectedColumn[] } {
    const rest = this.#rows - rows;
    this.#rows = rest;
    return { rows, columns: this.#columns.map((column) => column.take(rows, rest)) };
  }
}

class ColumnCollector {
  readonly #plan: ReadPlan;
  readonly #capacity: number;
  readonly #codes: StringCodes | null;
  readonly #width: number;
  #bytes: Uint8Array;
  #validity: Uint8Array | null = null;

  constructor(plan: ReadPlan, capacity: number) {
    this.#plan = plan;
    this.#capacity = capacity;
    this.#codes = plan.type === 'string' ? new StringCodes() : null;
    this.#width = wireBytes(plan.wire);
    this.#bytes = new Uint8Array(capacity * this.#width);
  }

  add(vector: duckdb.Vector, size: number, first: number, step: number, offset: number): void {
    const bits = duckdb.vector_get_validity(vector, Math.ceil(size / 64) * 8) as Uint8Array | null;
    if (bits !== null) this.#addValidity(bits, size, first, step, offset);
    if (this.#codes !== null) {
      const out = new Uint32Array(this.#bytes.buffer);
      this.#codes.encode(
        duckdb.vector_get_data(vector, size * STRING_BYTES),
        size,
        step,
        first,
        bits,
        out,
        offset,
      );
      return;
    }
    const width = this.#width;
    const data = duckdb.vector_get_data(vector, size * width);
    if (step === 1 && first === 0) this.#bytes.set(data, offset * width);
    else copyStrided(data, width, first, step, this.#bytes, offset);
  }

  #addValidity(bits: Uint8Array, size: number, first: number, step: number, offset: number): void {
    this.#validity ??= new Uint8Array(this.#capacity).fill(1);
    const validity = this.#validity;
    for (let row = first, at = offset; row < size; row += step, at++)
      validity[at] = (bits[row >> 3]! >> (row & 7)) & 1;
  }

  take(rows: number, rest: number): CollectedColumn {
    const narrowed = this.#narrowed(rows);
    const validity = this.#validity?.subarray(0, rows) ?? null;
    const width = this.#width;
    const bytes = new Uint8Array(this.#capacity * width);
    bytes.set(this.#bytes.subarray(rows * width, (rows + rest) * width));
    this.#bytes = bytes;
    this.#validity = restOf(this.#validity, rows, rest);
    return { ...narrowed, validity };
  }

  #narrowed(rows: number): NarrowValues & { fresh: readonly string[] } {
    const { type, wire } = this.#plan;
    const values = wireArray(wire, this.#bytes.buffer, 0, rows);
    if (this.#codes !== null && values instanceof Uint32Array) {
      const most = greatest(values);
      return { ...narrowCodes(values, most), fresh: this.#codes.takeFresh(most) };
    }
    return { ...(type === 'int64' ? narrowIntegers(values) : { wire, values }), fresh: [] };
  }
}

function greatest(codes: Uint32Array): number {
  let most = -1;
  for (let row = 0; row < codes.length; row++) if (codes[row]! > most) most = codes[row]!;
  return most;
}

function restOf(validity: Uint8Array | null, rows: number, rest: number): Uint8Array | null {
  if (validity === null || !validity.subarray(rows, rows + rest).includes(0)) return null;
  const out = new Uint8Array(validity.length).fill(1);
  out.set(validity.subarray(rows, rows + rest));
  return out;
}

function copyStrided(
  data: Uint8Array,
  width: number,
  first: number,
  step: number,
  out: Uint8Array,
  offset: number,
): void {
  const end = data.byteLength / width;
  for (let row = first, at = offset; row < end; row += step, at++) {
    const from = row * width;
    const to = at * width;
    for (let byte = 0; byte < width; byte++) out[to + byte] = data[from + byte]!;
  }
}
