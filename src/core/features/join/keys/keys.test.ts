import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNKNOWN_KEY } from '../../../../numerics/windows/index.ts';
import type { Column } from '../../../../shared/table/column.ts';
import { buildColumn } from '../../../data/index.ts';
import { historyKeyPart, historyKeys } from './history-keys.ts';
import { IdTable } from './id-table.ts';
import { keyPartRows, spineKeyIds, spineKeyPart } from './spine-keys.ts';

const WIDE = 2n ** 60n + 1n;

const integers = (values: readonly (bigint | null)[]): Column =>
  buildColumn({ name: 'id', type: 'int64' }, values);

/** The ids of both sides, as a join gives them. */
function idsOf(pairs: readonly (readonly [history: Column, spine: Column])[]) {
  const rows = pairs[0]![0].values.length;
  const { ids, index } = historyKeys(
    pairs.map(([history]) => historyKeyPart(history)),
    rows,
  );
  const spineRows = pairs[0]![1].values.length;
  const parts = pairs.map(([history, spine]) => spineKeyPart('id', history, spine));
  const spine = spineKeyIds(parts, index, spineRows);
  const second = parts.map((part) => keyPartRows(part, Math.floor(spineRows / 2), spineRows));
  expect([...spineKeyIds(second, index, spineRows - Math.floor(spineRows / 2))]).toEqual([
    ...spine.subarray(Math.floor(spineRows / 2)),
  ]);
  return { history: [...ids], spine: [...spine] };
}

describe('a table of ids', () => {
  it('numbers values in order of appearance and finds no others, however many there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer(), fc.integer({ min: -2, max: 2 })), { maxLength: 3000 }),
        (words) => {
          const table = new IdTable();
          const expected = new Map<string, number>();
          for (const [low, high] of words) {
            const text = `${low},${high}`;
            if (!expected.has(text)) expected.set(text, expected.size);
            expect(table.idOf(low, high)).toBe(expected.get(text));
          }
          const kept = new IdTable(table.keep());
          expect(kept.size).toBe(expected.size);
          for (const [low, high] of words) expect(kept.find(low, high)).toBe(expected.get(`${low},${high}`));
          expect(kept.find(7, 9)).toBe(-1);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('keys of a history and of a spine', () => {
  it('are the same number where their values are equal', () => {
    // Near each other, they are numbered by their place in the range; far apart, by a table.
    const value = fc.option(
      fc.oneof(
        { weight: 30, arbitrary: fc.bigInt({ min: -3n, max: 3n }) },
        fc.constantFrom(-(2n ** 52n), 2n ** 52n),
      ),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, value), { minLength: 1 }),
        fc.array(fc.tuple(value, value), { minLength: 1 }),
        (history, spine) => {
          const { history: historyIds, spine: spineIds } = idsOf([
            [integers(history.map(([a]) => a)), integers(spine.map(([a]) => a))],
            [integers(history.map(([, b]) => b)), integers(spine.map(([, b]) => b))],
          ]);
          const same = (a: readonly (bigint | null)[], b: readonly (bigint | null)[]): boolean =>
            a.every((part, index) => part !== null && part === b[index]);
          for (const [row, asked] of spine.entries()) {
            const match = history.findIndex((known) => same(asked, known));
            expect(spineIds[row]).toBe(match === -1 ? UNKNOWN_KEY : historyIds[match]);
          }
        },
      ),
    );
  });

  it('tell integers apart beyond 2^53, on either side', () => {
    const wide = integers([WIDE, WIDE + 1n, 5n]);
    const narrow: Column = { name: 'id', type: 'int64', validity: null, values: Float64Array.of(5, 6, 7) };
    expect(idsOf([[wide, narrow]]).spine).toEqual([2, UNKNOWN_KEY, UNKNOWN_KEY]);
    expect(idsOf([[narrow, wide]]).spine).toEqual([UNKNOWN_KEY, UNKNOWN_KEY, 0]);
    expect(idsOf([[wide, integers([WIDE + 1n])]]).spine).toEqual([1]);
  });

  it('compare text as text, whatever its place in a dictionary, and truth as truth', () => {
    const text = (values: readonly (string | null)[]): Column =>
      buildColumn({ name: 'id', type: 'string' }, values);
    const truth = (values: readonly boolean[]): Column => buildColumn({ name: 'id', type: 'bool' }, values);
    expect(idsOf([[text(['b', 'a', null]), text(['a', 'c', 'b', null])]])).toEqual({
      history: [0, 1, UNKNOWN_KEY],
      spine: [1, UNKNOWN_KEY, 0, UNKNOWN_KEY],
    });
    expect(idsOf([[truth([true, true]), truth([false, true])]])).toEqual({ history: [1, 1], spine: [0, 1] });
  });

  it('are refused where their types differ', () => {
    const text = buildColumn({ name: 'id', type: 'string' }, ['7']);
    expect(() => spineKeyPart('id', integers([7n]), text)).toThrow(
      expect.objectContaining({ code: 'TYPE_MISMATCH' }),
    );
  });
});
