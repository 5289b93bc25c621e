import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignSeries, alignWithin, refined, smooth, thinned, withPoints } from './metric-series.ts';

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
          const points = withPoints(withPoints([], events), events);
          const steps = points.map(({ step }) => step);
          expect(steps).toEqual([...new Set(events.map(({ step }) => step))].sort((a, b) => a - b));
          for (const { step, value } of points)
            expect(value).toBe(events.findLast((event) => event.step === step)!.value);
        },
      ),
    );
  });
});

describe('live points', () => {
  const points = Array.from({ length: 1001 }, (_, step) => ({ step, value: step }));

  it('are thinned evenly to a bound, the newest kept', () => {
    expect(thinned(points, 1001)).toBe(points);
    const few = thinned(points, 300);
    expect(few.length).toBeLessThanOrEqual(300);
    expect(few.length).toBeGreaterThan(150);
    expect(few.at(-1)).toBe(points.at(-1));
    expect(new Set(few.slice(1).map(({ step }, place) => step - few[place]!.step))).toEqual(new Set([4]));
  });
});

describe('many histories in one chart', () => {
  const wave = (count: number, shift: number) =>
    Array.from({ length: count }, (_, index) => ({
      step: index * 7 + shift,
      value: Math.sin(index + shift),
    }));

  it('stay as they are while they have few steps together', () => {
    const two = [wave(10, 0), wave(10, 0)];
    expect(alignWithin(two, 10)).toEqual(alignSeries(two));
  });

  it('share places where they have many, and keep every spike', () => {
    const histories = Array.from({ length: 200 }, (_, run) => wave(300, run));
    histories[7]![123] = { step: 123 * 7 + 7, value: 99 };
    const [steps, ...values] = alignWithin(histories, 2000);
    expect(steps!.length).toBeLessThanOrEqual(2000);
    for (let index = 1; index < steps!.length; index++)
      expect(steps![index]!).toBeGreaterThan(steps![index - 1]!);
    expect(values).toHaveLength(200);
    expect(values[7]).toContain(99);
  });

  it('are finer within the steps in view', () => {
    const histories = Array.from({ length: 50 }, (_, run) => wave(1000, run));
    const inView = (steps: readonly (number | null)[]) =>
      steps.filter((step) => step! >= 100 && step! <= 300).length;
    const [whole] = alignWithin(histories, 400);
    const [zoomed] = alignWithin(histories, 400, [100, 300]);
    expect(inView(zoomed!)).toBeGreaterThan(4 * inView(whole!));
  });
});

describe('a part of a curve that comes finer', () => {
  it('takes the place of the coarse one', () => {
    const whole = [0, 10, 20, 30].map((step) => ({ step, value: 1 }));
    const fine = [10, 11, 12].map((step) => ({ step, value: 2 }));
    expect(refined(whole, fine, [9, 21]).map(({ step }) => step)).toEqual([0, 10, 11, 12, 30]);
    expect(refined(whole, [], [9, 21])).toBe(whole);
    expect(refined(whole, fine, null)).toBe(whole);
  });
});
