import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FoldRows, foldsAtRandom, foldsByGroup, foldsByTime } from './fold-rows.ts';

const learned = ({ order, train }: FoldRows): number[] => [...order.subarray(0, train)];
const judged = ({ order, train }: FoldRows): number[] => [...order.subarray(train)];
const sorted = (rows: readonly number[]): number[] => [...rows].sort((a, b) => a - b);

describe('folds', () => {
  it('by time learn only from what is strictly earlier, and judge each block once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 60, maxLength: 200 }),
        fc.integer({ min: 2, max: 5 }),
        (instants, count) => {
          fc.pre(new Set(instants).size > 40);
          const times = Float64Array.from(instants);
          const order = Uint32Array.from([...times.keys()].sort((a, b) => times[a]! - times[b]! || a - b));
          const folds = foldsByTime(order, times, count);
          expect(folds).toHaveLength(count);
          for (const fold of folds) {
            const latest = Math.max(...learned(fold).map((row) => times[row]!));
            const earliest = Math.min(...judged(fold).map((row) => times[row]!));
            expect(earliest).toBeGreaterThan(latest);
            expect(fold.validation).toBe(judged(fold).length);
          }
          const all = folds.flatMap(judged);
          expect(all).toEqual([...order.subarray(order.length - all.length)]);
        },
      ),
    );
  });

  it('at random judge every row once, and learn from all others', () => {
    const order = Uint32Array.from({ length: 103 }, (_, place) => (place * 37) % 103);
    const folds = foldsAtRandom(order, 5);
    expect(sorted(folds.flatMap(judged))).toEqual([...order.keys()]);
    for (const fold of folds) {
      expect(sorted([...learned(fold), ...judged(fold)])).toEqual([...order.keys()]);
      expect(Math.abs(fold.validation - 103 / 5)).toBeLessThanOrEqual(1);
    }
  });

  it('by group keep every group on one side, of nearly one size, the same for the same seed', () => {
    const rows = Uint32Array.from({ length: 1000 }, (_, row) => row);
    fc.assert(
      fc.property(
        fc.integer({ min: 12, max: 300 }),
        fc.integer(),
        fc.integer({ min: 2, max: 6 }),
        (groupCount, seed, count) => {
          const groups = Int32Array.from(rows, (row) => ((row * 7919) % groupCount) - 1);
          const groupOf = (row: number): number => (groups[row]! < 0 ? -1 - row : groups[row]!);
          const folds = foldsByGroup(rows, groups, seed, count);
          expect(folds).toEqual(foldsByGroup(rows, groups, seed, count));
          expect(sorted(folds.flatMap(judged))).toEqual([...rows]);
          for (const fold of folds) {
            const known = new Set(learned(fold).map(groupOf));
            expect(judged(fold).some((row) => known.has(groupOf(row)))).toBe(false);
            expect(Math.abs(fold.validation - 1000 / count)).toBeLessThan(
              1.01 * Math.ceil(1000 / groupCount),
            );
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('are refused where there are too few times, rows or groups', () => {
    const refusal = expect.objectContaining({ code: 'NO_ROWS' });
    const rows = Uint32Array.of(0, 1, 2);
    expect(() => foldsByTime(rows, new Float64Array(3), 2)).toThrow(refusal);
    expect(() => foldsAtRandom(rows, 5)).toThrow(refusal);
    expect(() => foldsByGroup(rows, new Int32Array(3), 1, 2)).toThrow(refusal);
  });
});
