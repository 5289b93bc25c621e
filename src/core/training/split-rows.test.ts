import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupNumbers, splitAtRandom, splitByGroup, splitByTime } from './split-rows.ts';

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

describe('shares that leave nothing to learn from', () => {
  const rows = Uint32Array.from({ length: 100 }, (_, row) => row);
  const shares = { test: 0.6, validation: 0.4 };

  it.each([
    ['time', () => splitByTime(rows, Float64Array.from(rows), shares)],
    ['chance', () => splitAtRandom(rows, 7, shares)],
    [
      'group',
      () =>
        splitByGroup(
          rows,
          Int32Array.from(rows, (row) => row % 10),
          7,
          shares,
        ),
    ],
  ])('are refused as such by %s', (_by, split) => {
    expect(split).toThrowError(
      expect.objectContaining({ code: 'BAD_DEFINITION', message: expect.stringContaining('test 0.6') }),
    );
  });
});

describe('splitByGroup', () => {
  const rows = Uint32Array.from({ length: 3000 }, (_, row) => row);
  const shares = { test: 0.2, validation: 0.1 };

  it('keeps every group in one part, uses every row once, and comes near the shares', () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 400 }), fc.integer(), (count, seed) => {
        const groups = Int32Array.from(rows, (row) => (row * 7919) % count);
        const { order, train, validation, test } = splitByGroup(rows, groups, seed, shares);
        expect([...order].sort((a, b) => a - b)).toEqual([...rows]);
        const of = (from: number, to: number) =>
          new Set([...order.subarray(from, to)].map((row) => groups[row]!));
        const parts = [of(0, train), of(train, train + validation), of(train + validation, order.length)];
        expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(count);
        expect(Math.abs(test / 3000 - 0.2)).toBeLessThan(1.01 / count);
        expect(Math.abs(validation / 3000 - 0.1)).toBeLessThan(1.01 / count);
      }),
      { numRuns: 30 },
    );
  });

  it('takes rows without a group for groups of their own, and is the same for the same seed', () => {
    const groups = Int32Array.from(rows, (row) => (row < 1500 ? -1 : 0));
    const split = splitByGroup(rows, groups, 5, shares);
    expect(splitByGroup(rows, groups, 5, shares)).toEqual(split);
    expect(split.test).toBe(600);
    expect([...split.order.subarray(split.train)].every((row) => row < 1500)).toBe(true);
  });

  it('refuses one group, from which nothing can be kept back', () => {
    expect(() => splitByGroup(rows, new Int32Array(3000), 5, shares)).toThrow(
      expect.objectContaining({ code: 'NO_ROWS' }),
    );
  });

  it('numbers the values of any column, and leaves missing ones apart', () => {
    const text = {
      name: 't',
      type: 'string',
      values: Uint32Array.of(1, 0, 1),
      dictionary: ['a', 'b'],
    } as const;
    expect([...groupNumbers({ ...text, validity: Uint8Array.of(1, 1, 0) })]).toEqual([1, 0, -1]);
    const number = { name: 'n', type: 'float64', values: Float64Array.of(7, Number.NaN, 7, 8) } as const;
    expect([...groupNumbers({ ...number, validity: null })]).toEqual([0, -1, 0, 1]);
  });
});
