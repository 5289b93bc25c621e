import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignSeries, smooth, withPoint } from './metric-series.ts';

describe('metric histories', () => {
  it('are joined on their steps', () => {
    expect(
      alignSeries([
        [
          { step: 1, value: 5 },
          { step: 3, value: 6 },
        ],
        [{ step: 2, value: 7 }],
      ]),
    ).toEqual([
      [1, 2, 3],
      [5, null, 6],
      [null, 7, null],
    ]);
  });

  it('keep a constant however much they are smoothed, from the first point on', () => {
    for (const value of smooth([4, 4, null, 4], 0.9)) if (value !== null) expect(value).toBeCloseTo(4, 12);
  });

  it('stay within their own range when smoothed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (values, weight) => {
          const [low, high] = [Math.min(...values), Math.max(...values)];
          for (const value of smooth(values, weight)) {
            expect(value).toBeGreaterThanOrEqual(low - 1e-6);
            expect(value).toBeLessThanOrEqual(high + 1e-6);
          }
        },
      ),
    );
  });

  it('take a live point in its place, once, however often it comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ step: fc.integer({ min: 0, max: 20 }), value: fc.integer() })),
        (events) => {
          const points = [...events, ...events].reduce<readonly { step: number; value: number }[]>(
            withPoint,
            [],
          );
          const steps = points.map(({ step }) => step);
          expect(steps).toEqual([...new Set(events.map(({ step }) => step))].sort((a, b) => a - b));
          for (const { step, value } of points)
            expect(value).toBe(events.findLast((event) => event.step === step)!.value);
        },
      ),
    );
  });
});
