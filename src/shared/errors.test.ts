import { expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from './errors.ts';

it('tells what was asked wrongly from data that cannot be used', () => {
  const endingWith = (exit: number): ErrorCode[] =>
    (Object.keys(ERROR_CODES) as ErrorCode[]).filter((code) => ERROR_CODES[code].exit === exit);
  expect(endingWith(2)).toEqual([
    'BAD_INPUT',
    'BAD_NAME',
    'BAD_DEFINITION',
    'UNKNOWN_COLUMN',
    'BAD_EXPRESSION',
    'WEAK_PASSPHRASE',
  ]);
  expect(endingWith(1)).toEqual(expect.arrayContaining(['MALFORMED_FILE', 'TYPE_MISMATCH', 'NO_ROWS']));
});
