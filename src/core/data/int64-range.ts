import { FalajError } from '../../shared/errors.ts';

export const INT64_MAX = 9_223_372_036_854_775_807n;
export const INT64_MIN = -INT64_MAX - 1n;

/** Of a column of whole numbers that need more than a signed 64-bit integer. */
export const beyondInt64 = (column: string, file?: string): FalajError =>
  new FalajError(
    'TYPE_MISMATCH',
    `Column "${column}"${file === undefined ? '' : ` of "${file}"`} holds whole numbers beyond the range of signed 64-bit integers.`,
    {
      hint: 'Cast the column to text or to float64 where the data is written.',
      details: { column },
    },
  );
