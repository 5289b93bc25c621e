import type { ColumnSchema } from '../../../shared/table/column.ts';
import { type LogicalValues, toLogical } from '../duckdb/logical.ts';
import type { RowGroup } from '../segment/writer.ts';

type GroupColumn = RowGroup['columns'][number];

/** Some rows of a group, ascending. */
export interface Picked {
  readonly rows: Uint32Array;
  readonly from: number;
  readonly count: number;
}

/**
 * Collects rows of one column until there are enough for a row group of its own. Groups come out exactly as an import of
 * the same rows would have made them: nulls as zeros, presence only where a row is null, text in codes of first appearance.
 */
export class ColumnGatherer {
  readonly #schema: ColumnSchema;
  readonly #values: Float64Array | Uint8Array | Uint32Array;
  readonly #validity: Uint8Array;
  /** In use as soon as a row of the group needs more than 53 bits. */
  #wide: BigInt64Array | null = null;
  #nulls = 0;
  #rows = 0;
  readonly #codes = new Map<string, number>();
  #fresh: string[] = [];
  /** The texts of the part that is being read, and the codes they have here; −1 until they appear. */
  #texts: string[] = [];
  #shared: number[] = [];

  constructor(schema: ColumnSchema, capacity: number) {
    this.#schema = schema;
    this.#validity = new Uint8Array(capacity);
    if (schema.type === 'string') this.#values = new Uint32Array(capacity);
    else if (schema.type === 'bool') this.#values = new Uint8Array(capacity);
    else this.#values = new Float64Array(capacity);
  }

  /** The next group is of another part, with a dictionary of its own. */
  startPart(): void {
    this.#texts = [];
    this.#shared = [];
  }

  /** Entries that appear first in the group whose rows come next. */
  addTexts(fresh: readonly string[]): void {
    for (const entry of fresh) {
      this.#texts.push(entry);
      this.#shared.push(-1);
    }
  }

  add({ values, validity }: GroupColumn, picked: Picked): void {
    const start = this.#rows;
    this.#rows += picked.count;
    for (let at = 0; at < picked.count; at++) {
      const present = validity === null || validity[picked.rows[picked.from + at]!] === 1;
      this.#validity[start + at] = present ? 1 : 0;
      if (!present) this.#nulls++;
    }
    if (values instanceof BigInt64Array) this.#addWide(values, picked, start);
    else if (values instanceof Uint32Array) this.#addTextCodes(values, picked, start);
    else this.#addPlain(values, picked, start);
  }

  #addPlain(values: Float64Array | Uint8Array, { rows, from, count }: Picked, start: number): void {
    const out = this.#values;
    for (let at = 0; at < count; at++) out[start + at] = values[rows[from + at]!]!;
    if (this.#wide === null) return;
    for (let at = 0; at < count; at++) this.#wide[start + at] = BigInt(values[rows[from + at]!]!);
  }

  #addWide(values: BigInt64Array, { rows, from, count }: Picked, start: number): void {
    if (this.#wide === null) {
      this.#wide = new BigInt64Array(this.#values.length);
      for (let row = 0; row < start; row++) this.#wide[row] = BigInt(this.#values[row]!);
    }
    for (let at = 0; at < count; at++) this.#wide[start + at] = values[rows[from + at]!]!;
  }

  #addTextCodes(values: Uint32Array, { rows, from, count }: Picked, start: number): void {
    for (let at = 0; at < count; at++) {
      this.#values[start + at] =
        this.#validity[start + at] === 0 ? 0 : this.#sharedCode(values[rows[from + at]!]!);
    }
  }

  #sharedCode(own: number): number {
    let code = this.#shared[own]!;
    if (code !== -1) return code;
    const text = this.#texts[own]!;
    code = this.#codes.get(text) ?? -1;
    if (code === -1) {
      code = this.#codes.size;
      this.#codes.set(text, code);
      this.#fresh.push(text);
    }
    this.#shared[own] = code;
    return code;
  }

  /** All that was collected; its arrays are valid until more is added. */
  take(): GroupColumn {
    const rows = this.#rows;
    const validity = this.#nulls === 0 ? null : this.#validity.subarray(0, rows);
    const values: LogicalValues =
      this.#wide === null
        ? this.#values.subarray(0, rows)
        : toLogical(this.#schema.name, 'int64', this.#wide.slice(0, rows), validity);
    const fresh = this.#fresh;
    this.#wide = null;
    this.#nulls = 0;
    this.#rows = 0;
    this.#fresh = [];
    return { values, validity, fresh };
  }
}
