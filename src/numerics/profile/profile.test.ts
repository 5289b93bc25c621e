import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnProfile } from '../../shared/contract/data.ts';
import type { Column } from '../../shared/table/column.ts';
import { DISTINCT_NUMBERS_BOUND, profileColumn, valuesAtRanks } from './index.ts';

const numbers = (values: number[], validity: number[] | null = null): Column => ({
  name: 'n',
  type: 'float64',
  values: Float64Array.from(values),
  validity: validity && Uint8Array.from(validity),
});

describe('profileColumn', () => {
  it('counts, bounds and summarises numbers, leaving nulls, NaN and infinities out', () => {
    const profile = profileColumn(
      numbers([4, 1, Number.NaN, 2, 99, 2, Number.POSITIVE_INFINITY], [1, 1, 1, 1, 0, 1, 1]),
    );
    expect(profile).toMatchObject({ rows: 7, nulls: 2, distinct: 3, min: 1, max: 4, mean: 2.25 });
    expect(profile.standardDeviation).toBeCloseTo(Math.sqrt((1.75 ** 2 + 1.25 ** 2 + 2 * 0.25 ** 2) / 4), 14);
    expect(profile.topValues[0]).toEqual({ value: 2, count: 2 });
    expect(profile.quantiles.find((quantile) => quantile.at === 0.5)?.value).toBe(2);
    expect(profile.histogram.reduce((total, bin) => total + bin.count, 0)).toBe(4);
  });

  it('always fits the contract and agrees with plain counting, whatever the numbers', () => {
    const value = fc.oneof(
      fc.double(),
      fc.constantFrom(0, -0, 1, 2, 3),
      fc.constantFrom(-1e308, 1e308, 5e-324),
    );
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 50 }),
        fc.constantFrom('float64', 'int64' as const),
        (values, type) => {
          const whole = type === 'int64' ? values.map((each) => Math.trunc(each % 1e6)) : values;
          const column = { ...numbers(whole), type } as Column;
          const profile = columnProfile.parse(profileColumn(column));
          const finite = whole.filter(Number.isFinite).map((each) => each + 0);
          expect(profile.nulls).toBe(whole.filter(Number.isNaN).length);
          expect(profile.distinct).toBe(new Set(finite).size);
          expect(profile.min).toBe(finite.length === 0 ? null : finite.reduce((a, b) => Math.min(a, b)));
          expect(profile.histogram.reduce((total, bin) => total + bin.count, 0)).toBe(finite.length);
          expect(profile.histogram.length).toBeLessThanOrEqual(40);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('describes texts by what their rows hold, not by what the dictionary offers', () => {
    const profile = profileColumn({
      name: 's',
      type: 'string',
      values: Uint32Array.of(0, 2, 0, 1),
      dictionary: ['DXB', 'unused when null', 'AUH', 'never used'],
      validity: Uint8Array.of(1, 1, 1, 0),
    });
    expect(profile).toMatchObject({
      nulls: 1,
      distinct: 2,
      min: 'AUH',
      max: 'DXB',
      mean: null,
      histogram: [],
    });
    expect(profile.topValues).toEqual([
      { value: 'DXB', count: 2 },
      { value: 'AUH', count: 1 },
    ]);
  });

  it('describes truth values, times and wide integers in their own terms', () => {
    const flags = profileColumn({
      name: 'b',
      type: 'bool',
      values: Uint8Array.of(1, 0, 1, 1),
      validity: null,
    });
    expect(flags).toMatchObject({ distinct: 2, min: false, max: true, mean: 0.75 });
    expect(flags.topValues[0]).toEqual({ value: true, count: 3 });
    const times = profileColumn({ ...numbers([0, 1_500_000]), type: 'timestamp' } as Column);
    expect(times).toMatchObject({ min: '1970-01-01T00:00:00Z', max: '1970-01-01T00:00:01.500Z', mean: null });
    const wide = profileColumn({
      name: 'w',
      type: 'int64',
      values: BigInt64Array.of(2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 1n),
      validity: null,
    });
    expect(wide).toMatchObject({ distinct: 2, min: '9007199254740992', max: '9007199254740993' });
    expect(wide.topValues[0]).toEqual({ value: '9007199254740993', count: 2 });
  });

  it('describes empty and all-null columns', () => {
    expect(profileColumn(numbers([]))).toMatchObject({
      rows: 0,
      nulls: 0,
      distinct: 0,
      min: null,
      quantiles: [],
    });
    expect(profileColumn(numbers([1, 2], [0, 0]))).toMatchObject({
      nulls: 2,
      min: null,
      mean: null,
      histogram: [],
    });
  });

  it('gives small whole numbers a bin each', () => {
    const dice = profileColumn({ ...numbers([1, 2, 2, 6]), type: 'int64' } as Column);
    expect(dice.histogram.map((bin) => bin.count)).toEqual([1, 2, 0, 0, 0, 1]);
    expect(dice.histogram[0]).toEqual({ from: 1, to: 2, count: 1 });
  });

  it('counts distinct numbers exactly up to its bound and says nothing beyond it', () => {
    const upTo = (distinct: number) =>
      profileColumn(numbers(Array.from({ length: distinct }, (_, row) => row)));
    expect(upTo(DISTINCT_NUMBERS_BOUND)).toMatchObject({ distinct: DISTINCT_NUMBERS_BOUND, topValues: [] });
    expect(upTo(DISTINCT_NUMBERS_BOUND + 1).distinct).toBeNull();
  });
});

describe('valuesAtRanks', () => {
  it('equals sorting, also where one outlier squeezes all values into one cell', () => {
    for (const outlier of [0, 1e300, -1e308]) {
      const values = Float64Array.from({ length: 50_000 }, (_, row) => ((row * 7919) % 50_021) / 3);
      values[1234] = outlier;
      values[4321] = -outlier;
      const sorted = values.slice().sort();
      const ranks = [0, 1, 500, 25_000, 25_001, 49_998, 49_999];
      expect(valuesAtRanks(values, ranks)).toEqual(ranks.map((rank) => sorted[rank]));
    }
  });
});
