import type { PresentColumn } from '../../shared/table/present-column.ts';
import { bitPackedRun, packBits, runOfOnes } from './bits.ts';
import { canPackDeltas, packDeltas } from './delta-integers.ts';
import { bytesOf, dayBytes, daysOf, integerBytes, rangeOf } from './plain-values.ts';
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

/** @param texts of the column, where other rows of it have been encoded before. */
export function encodeRows(column: PresentColumn, texts?: ColumnTexts): EncodedRows {
  const { rows, mask } = column;
  return {
    rows,
    nulls: rows - column.values.length,
    levels: mask === null ? runOfOnes(rows) : bitPackedRun(mask, 1),
    ...encodeValues(column, texts),
  };
}

function encodeValues(
  column: PresentColumn,
  texts: ColumnTexts | undefined,
): TextValues & Pick<EncodedRows, 'range' | 'encoding'> {
  if (column.type === 'string') {
    const encoded = (texts ?? new ColumnTexts(column.dictionary)).encode(column.values);
    return { ...encoded, encoding: encoded.dictionary === null ? 'plain' : 'dictionary', range: null };
  }
  const plain = { encoding: 'plain', dictionary: null } as const;
  if (column.type === 'bool') return { ...plain, values: packBits(column.values, 1), range: null };
  const { type, values } = column;
  if (values instanceof BigInt64Array) return { ...plain, values: bytesOf(values), range: null };
  const toBytes = PLAIN[type];
  const range = rangeOf(values);
  if (range === null) return { ...plain, values: toBytes(values), range };
  const [least, greatest] = [range.subarray(0, 1), range.subarray(1, 2)];
  const bounds = { min: toBytes(least), max: toBytes(greatest) };
  if (type === 'float64' || !canPackDeltas(least[0]!, greatest[0]!))
    return { ...plain, values: toBytes(values), range: bounds };
  const deltas = packDeltas(type === 'date' ? daysOf(values) : values);
  return { encoding: 'delta', dictionary: null, values: deltas, range: bounds };
}

const PLAIN = { float64: bytesOf, int64: integerBytes, timestamp: integerBytes, date: dayBytes } as const;
