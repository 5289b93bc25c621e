import { describe, expect, it } from 'vitest';
import { toCsv } from './csv.ts';

describe('toCsv', () => {
  it('keeps every digit and leaves missing values empty', () => {
    expect(
      toCsv(
        ['step', 'loss'],
        [
          [1, 0.1 + 0.2],
          [2, null],
        ],
      ),
    ).toBe('step,loss\r\n1,0.30000000000000004\r\n2,\r\n');
  });

  it('quotes what would break a line apart', () => {
    expect(toCsv(['a "b"'], [['x,y'], ['two\nlines']])).toBe('"a ""b"""\r\n"x,y"\r\n"two\nlines"\r\n');
  });
});
