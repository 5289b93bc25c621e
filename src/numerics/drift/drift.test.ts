import { describe, expect, it } from 'vitest';
import type { Column, Table } from '../../shared/table/column.ts';
import { chiSquareTest, falseDiscoveryRates, jensenShannon, stabilityIndex } from './cell-scores.ts';
import { chiSquarePoint, chiSquareTail } from './chi-square.ts';
import { compareTables } from './compare-tables.ts';
import { kolmogorovDistance, kolmogorovPoint, kolmogorovTail } from './kolmogorov-smirnov.ts';
import { wasserstein } from './wasserstein.ts';

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 4_294_967_296;
  };
}

const normalSample = (rows: number, mean: number, random: () => number): Float64Array =>
  Float64Array.from(
    { length: rows },
    () => mean + Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()),
  );

const numbers = (name: string, values: Float64Array): Column => ({
  name,
  type: 'float64',
  validity: null,
  values,
});
const texts = (name: string, codes: ArrayLike<number>, dictionary: string[]): Column => ({
  name,
  type: 'string',
  validity: null,
  values: Uint32Array.from(codes),
  dictionary,
});
const table = (...columns: Column[]): Table => ({ rows: columns[0]!.values.length, columns });

describe('chi-square distribution', () => {
  it('has the tabulated points', () => {
    expect(chiSquarePoint(0.01, 9)).toBeCloseTo(21.666, 3);
    expect(chiSquarePoint(0.05, 1)).toBeCloseTo(3.8415, 4);
    expect(chiSquareTail(3.1746, 5)).toBeCloseTo(0.67309, 4);
    expect(chiSquareTail(300, 250)).toBeCloseTo(0.0164, 3);
  });
});

describe('Kolmogorov-Smirnov', () => {
  it('gives the known exact values', () => {
    const [a, b] = [Float64Array.of(1, 2, 3, 4), Float64Array.of(3, 4, 5, 6)];
    expect(kolmogorovDistance(a, b)).toBe(0.5);
    expect(kolmogorovTail(0.5, 4, 4)).toBeCloseTo(0.7714286, 6);
    const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);
    expect(
      kolmogorovDistance(
        hundred,
        hundred.map((value) => value + 10),
      ),
    ).toBeCloseTo(0.1, 12);
    expect(kolmogorovTail(0.1, 100, 100)).toBeCloseTo(0.702057, 5);
  });

  it('goes over to the limit distribution without a step', () => {
    expect(kolmogorovPoint(0.01, 2000, 3000)).toBeCloseTo(1.6276 * Math.sqrt(5000 / 6e6), 4);
    expect(Math.abs(kolmogorovTail(0.12, 100, 100) - kolmogorovTail(0.12, 101, 100))).toBeLessThan(0.06);
  });
});

describe('scores over cells', () => {
  it('gives the known chi-square and false discovery rates', () => {
    expect(
      chiSquareTest(Float64Array.of(16, 18, 16, 14, 12, 12), Float64Array.of(16, 16, 16, 16, 16, 8)).pValue,
    ).toBeGreaterThan(0.5);
    const rates = falseDiscoveryRates([0.898, 0.138, 0.007, 0.964, 0.538, 0.006, 0.138]);
    expect(rates.map((rate) => Math.round(rate * 1e4) / 1e4)).toEqual([
      0.964, 0.2415, 0.0245, 0.964, 0.7532, 0.0245, 0.2415,
    ]);
  });

  it('is finite where a cell is empty, and 0 for equal counts', () => {
    const [a, b] = [Float64Array.of(100, 0, 50), Float64Array.of(100, 20, 30)];
    expect(Number.isFinite(stabilityIndex(a, b).score)).toBe(true);
    expect(stabilityIndex(a, a)).toMatchObject({ score: 0, pValue: 1 });
    expect(jensenShannon(a, a)).toMatchObject({ score: 0, pValue: 1 });
    expect(jensenShannon(Float64Array.of(1e6, 0), Float64Array.of(0, 1e6)).score).toBeCloseTo(1, 4);
  });
});

describe('Wasserstein distance', () => {
  it('is the area between the distribution functions in standard deviations', () => {
    const { score } = wasserstein(Float64Array.of(0, 1, 3), Float64Array.of(5, 6, 8));
    expect(score).toBeCloseTo(5 / Math.sqrt(14 / 9), 12);
  });
});

describe('compareTables', () => {
  it.each(['auto', 'psi', 'ks', 'wasserstein', 'js', 'chi2'] as const)(
    'raises few alarms where nothing moved and finds a shift (%s)',
    (tests) => {
      const random = generator(11);
      let alarms = 0;
      let found = 0;
      const rounds = 200;
      for (let round = 0; round < rounds; round++) {
        const reference = table(numbers('x', normalSample(800, 0, random)));
        const same = table(numbers('x', normalSample(300, 0, random)));
        const moved = table(numbers('x', normalSample(300, 0.5, random)));
        const quiet = compareTables(reference, same, { tests }).columns[0]!;
        if (quiet.score > quiet.threshold) alarms++;
        if (compareTables(reference, moved, { tests }).drift) found++;
      }
      // One in a hundred is promised: 200 rounds see more than seven about once in a thousand tries.
      expect(alarms).toBeLessThanOrEqual(7);
      expect(found).toBeGreaterThan(rounds * 0.95);
    },
  );

  it('puts texts that the reference has not seen in one cell', () => {
    const random = generator(5);
    const reference = table(
      texts(
        'origin',
        Array.from({ length: 2000 }, () => Math.floor(random() * 3)),
        ['ATL', 'ORD', 'LAX'],
      ),
    );
    const current = table(
      texts(
        'origin',
        Array.from({ length: 1000 }, () => Math.floor(random() * 4)),
        ['LAX', 'ORD', 'ATL', 'DXB'],
      ),
    );
    const [column] = compareTables(reference, current).columns;
    expect(column).toMatchObject({ test: 'chi2', drift: true });
    expect(column!.distribution.categories).toContain('(new)');
    expect(column!.distribution.current.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it('keeps quiet about columns without values, constants and columns of one side only', () => {
    const empty = { ...numbers('empty', new Float64Array(50)), validity: new Uint8Array(50) };
    const report = compareTables(
      table(empty, numbers('same', new Float64Array(50).fill(3)), numbers('gone', new Float64Array(50))),
      table(empty, numbers('same', new Float64Array(50).fill(3))),
    );
    expect(report.columns.map(({ name, drift }) => [name, drift])).toEqual([
      ['empty', false],
      ['same', false],
    ]);
    expect(report.columns[0]!.missing).toEqual({ reference: 1, current: 1 });
  });

  it('gives shares that add up to 1 over the same cells', () => {
    const random = generator(3);
    const report = compareTables(
      table(numbers('x', normalSample(500, 0, random))),
      table(numbers('x', normalSample(400, 1, random))),
    );
    const { edges, reference, current } = report.columns[0]!.distribution;
    expect(edges).toHaveLength(reference.length + 1);
    for (const shares of [reference, current])
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });
});
