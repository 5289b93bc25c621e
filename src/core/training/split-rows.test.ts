import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitAtRandom, splitByTime } from './split-rows.ts';

const ascending = (times: Float64Array): Uint32Array =>
  Uint32Array.from([...times.keys()].sort((a, b) => times[a]! - times[b]! || a - b));

describe('splitByTime', () => {
  it('keeps the last fifth back and the tenth before it for validation', () => {
    const times = Float64Array.from({ length: 100 }, (_, row) => row);
    expect(splitByTime(ascending(times), times, { test: 0.2, validation: 0.1 })).toMatchObject({
      train: 70,
      validation: 10,
      test: 20,
    });
  });

  it('never puts one instant on both sides of a cut, and every later part is strictly later', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 20, maxLength: 200 }),
        (instants) => {
          fc.pre(new Set(instants).size > 12);
          const times = Float64Array.from(instants);
          const split = (() => {
            try {
              return splitByTime(ascending(times), times, { test: 0.2, validation: 0.1 });
            } catch {
              return null;
            }
          })();
          fc.pre(split !== null);
          const { order, train, validation, test } = split!;
          expect(train + validation + test).toBe(instants.length);
          const at = (from: number, to: number) => [...order.subarray(from, to)].map((row) => times[row]!);
          const parts = [
            at(0, train),
            at(train, train + validation),
            at(train + validation, order.length),
          ].filter((part) => part.length > 0);
          for (let index = 1; index < parts.length; index++)
            expect(Math.min(...parts[index]!)).toBeGreaterThan(Math.max(...parts[index - 1]!));
        },
      ),
    );
  });

  it('refuses rows that all have one time', () => {
    const times = new Float64Array(50);
    expect(() => splitByTime(ascending(times), times, { test: 0.2, validation: 0.1 })).toThrowError(
      expect.objectContaining({ code: 'NO_ROWS' }),
    );
  });
});

describe('splitAtRandom', () => {
  const rows = Uint32Array.from({ length: 1000 }, (_, row) => row);

  it('gives the same order for the same seed and another for another', () => {
    const shares = { test: 0.2, validation: 0.1 };
    expect(splitAtRandom(rows, 7, shares)).toEqual(splitAtRandom(rows, 7, shares));
    expect(splitAtRandom(rows, 8, shares).order).not.toEqual(splitAtRandom(rows, 7, shares).order);
  });

  it('uses every row once', () => {
    expect([...splitAtRandom(rows, 3, { test: 0.3, validation: 0 }).order].sort((a, b) => a - b)).toEqual([
      ...rows,
    ]);
  });
});
