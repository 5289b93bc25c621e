import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HistoryPoint, reduceHistory } from './reduce-history.ts';

const series = (values: readonly number[]): HistoryPoint[] =>
  values.map((value, step) => ({ step, value, at: step }));

describe('reduceHistory', () => {
  it('leaves a short history as it is', () => {
    const points = series([3, 1, 2]);
    expect(reduceHistory(points, 3)).toEqual(points);
  });

  it('keeps a single spike among a hundred thousand points', () => {
    const values = new Array<number>(100_000).fill(1);
    values[73_211] = 99;
    const reduced = reduceHistory(series(values), 200);
    expect(reduced.length).toBeLessThanOrEqual(200);
    expect(reduced.map((point) => point.value)).toContain(99);
  });

  it('never exceeds the limit, keeps order, ends and extremes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 4, max: 50 }),
        (values, limit) => {
          const points = series(values);
          const reduced = reduceHistory(points, limit);
          expect(reduced.length).toBeLessThanOrEqual(Math.max(limit, 1));
          expect(reduced[0]).toEqual(points[0]);
          expect(reduced.at(-1)).toEqual(points.at(-1));
          for (let index = 1; index < reduced.length; index++)
            expect(reduced[index]!.step).toBeGreaterThan(reduced[index - 1]!.step);
          expect(Math.max(...reduced.map((point) => point.value))).toBe(Math.max(...values));
          expect(Math.min(...reduced.map((point) => point.value))).toBe(Math.min(...values));
        },
      ),
    );
  });

  it('answers two points when two are asked for', () => {
    expect(reduceHistory(series([1, 5, 2, 4]), 2).map((point) => point.step)).toEqual([0, 3]);
  });
});
