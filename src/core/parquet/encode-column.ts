import { type Column, isWideInteger } from '../../shared/table/column.ts';
import { bitPackedRun, packBits, runOfOnes } from './bits.ts';
import { canPackDeltas, packDeltas } from './delta-integers.ts';
import {
  bytesOf,
  dayBytes,
  daysOf,
  integerBytes,
  presentDoubles,
  presentOthers,
  rangeOf,
} from './plain-values.ts';
import { ColumnTexts, type TextValues } from './text-values.ts';

/** How the values of a page are written. */
export type ValueEncoding = 'plain' | 'dictionary' | 'delta';

/** Rows of one column as Parquet stores them. */
export interface EncodedRows extends TextValues {
  readonly encoding: ValueEncoding;
  readonly rows: number;
  readonly nulls: number;
  /** Definition levels: 1 where a value is present. */
  readonly levels: Uint8Array;
  /** Least and greatest value in plain encoding, for readers that skip row groups. */
  readonly range: { readonly min: Uint8Array; readonly max: Uint8Array } | null;
}

/** Encodes a column, row group by row group. */
export class ColumnEncoder {
  readonly #column: Column;
  readonly #texts: ColumnTexts | null;

  /** @param texts of the column, where other rows of it have been encoded before. */
  constructor(column: Column, texts?: ColumnTexts) {
    this.#column = column;
    this.#texts = column.type === 'string' ? (texts ?? new ColumnTexts(column.dictionary)) : null;
  }

  encode(first: number, rows: number): EncodedRows {
    const { validity } = this.#column;
    const mask = validity === null ? null : validity.subarray(first, first + rows);
    const present = mask === null ? rows : mask.reduce((sum, one) => sum + one, 0);
    return {
      rows,
      nulls: rows - present,
      levels: mask === null || present === rows ? runOfOnes(rows) : bitPackedRun(mask, 1),
      ...this.#values(first, rows, present === rows ? null : mask, present),
    };
  }

  #values(
    first: number,
    rows: number,
    mask: Uint8Array | null,
    present: number,
  ): TextValues & Pick<EncodedRows, 'range' | 'encoding'> {
    const column = this.#column;
    const end = first + rows;
    if (column.type === 'string') {
      const codes = presentOthers(column.values.subarray(first, end), mask);
      const texts = this.#texts!.encode(codes);
      return { ...texts, encoding: texts.dictionary === null ? 'plain' : 'dictionary', range: null };
    }
    if (column.type === 'bool') {
      const bits = presentOthers(column.values.subarray(first, end), mask);
      return { values: packBits(bits, 1), encoding: 'plain', dictionary: null, range: null };
    }
    if (isWideInteger(column)) {
      const wide = presentOthers(column.values.subarray(first, end), mask);
      return { values: bytesOf(wide), encoding: 'plain', dictionary: null, range: null };
    }
    const toBytes = PLAIN[column.type];
    const values = presentDoubles(column.values.subarray(first, end), mask, present);
    const range = rangeOf(values);
    const whole = column.type === 'date' ? daysOf(values) : values;
    const isDelta = column.type !== 'float64' && range !== null && canPackDeltas(range[0]!, range[1]!);
    return {
      values: isDelta ? packDeltas(whole) : toBytes(values),
      encoding: isDelta ? 'delta' : 'plain',
      dictionary: null,
      range:
        range === null ? null : { min: toBytes(range.subarray(0, 1)), max: toBytes(range.subarray(1, 2)) },
    };
  }
}

const PLAIN = { float64: bytesOf, int64: integerBytes, timestamp: integerBytes, date: dayBytes } as const;
