/**
 * The physical forms of a column chunk. The unsigned ones are frame-of-reference codes: value = base + scale × code, so a
 * column of minute timestamps takes two bytes a row and decodes with one multiplication.
 */
export const ENCODINGS = ['u8', 'u16', 'u32', 'f32', 'f64', 'i64', 'constant'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export interface EncodedValues {
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;
  readonly base: number;
  readonly scale: number;
  /** Smallest and greatest value of numbers and times, nulls and NaN aside; null where there is none. */
  readonly min: number | null;
  readonly max: number | null;
}
