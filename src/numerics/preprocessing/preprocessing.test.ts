import { describe, expect, it } from 'vitest';
import { applyPreprocessing, fitPreprocessing, type RawColumn, type StepPlan } from './index.ts';
import { textHash } from './text-hash.ts';

const columns: RawColumn[] = [
  { name: 'n', kind: 'number', values: Float32Array.of(1, 3, Number.NaN, 5, 99) },
  { name: 't', kind: 'text', values: ['b', 'a', null, 'b', 'new'] },
  { name: 'at', kind: 'time', values: Float64Array.of(-1, 951_782_400_000_000, 0, Number.NaN, 0) },
];
const labels = [1, 0, 0, 1, 1];
const train = Uint32Array.of(0, 1, 2, 3);
const run = (plan: StepPlan, raw = columns): number[] => {
  const fitted = fitPreprocessing(raw, [plan], train, labels);
  return [...applyPreprocessing(fitted, raw, 5).matrix];
};

describe('preprocessing', () => {
  it('learns from the training rows alone', () => {
    expect(run({ column: 'n', kind: 'number', impute: 'mean', scale: false, indicator: true })).toEqual([
      1, 3, 3, 5, 99, 0, 0, 1, 0, 0,
    ]);
    expect(run({ column: 't', kind: 'target', priorRows: 2 })).toEqual([
      0.75,
      Math.fround(1 / 3),
      0.5,
      0.75,
      0.5,
    ]);
    expect(run({ column: 't', kind: 'ordinal' })).toEqual([1, 0, -1, 1, -1]);
    expect(run({ column: 't', kind: 'oneHot', most: 1 })).toEqual([1, 0, 0, 1, 0]);
  });

  it('takes dates apart, also before 1970 and on the last of February', () => {
    expect(
      run({ column: 'at', kind: 'time', parts: ['hour', 'weekday', 'month', 'dayOfMonth'] }).filter(
        (_, at) => at % 5 < 3,
      ),
    ).toEqual([23, 0, 0, 2, 1, 3, 12, 2, 1, 31, 29, 1]);
  });

  it('hashes as MurmurHash3 does', () => {
    expect(textHash('', 0)).toBe(0);
    expect(textHash('hello', 0)).toBe(0x248bfa47);
    expect(textHash('hello, world', 0)).toBe(0x149bbb7f);
  });

  it.each([
    [
      'a column without values',
      { name: 'n', kind: 'number', values: new Float32Array(5).fill(Number.NaN) },
      'BAD_INPUT',
    ],
    [
      'an infinite value',
      { name: 'n', kind: 'number', values: Float32Array.of(1, Infinity, 1, 1, 1) },
      'BAD_INPUT',
    ],
    [
      'text in place of a number',
      { name: 'n', kind: 'text', values: ['a', 'a', 'a', 'a', 'a'] },
      'TYPE_MISMATCH',
    ],
    [
      'a column that there is not',
      { name: 'other', kind: 'number', values: new Float32Array(5) },
      'UNKNOWN_COLUMN',
    ],
  ] as const)('refuses %s', (_, column, code) => {
    const plan = { column: 'n', kind: 'number', impute: 'mean', scale: true, indicator: false } as const;
    expect(() => run(plan, [column])).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a million texts to learn by heart, and hashes them', () => {
    const values = Array.from({ length: 1_000_000 }, (_, row) => `id ${row}`);
    const raw: RawColumn[] = [{ name: 't', kind: 'text', values }];
    const rows = Uint32Array.from(values.keys());
    expect(() =>
      fitPreprocessing(
        raw,
        [{ column: 't', kind: 'ordinal' }],
        rows,
        values.map(() => 0),
      ),
    ).toThrow(/1000000 different texts/);
    expect(fitPreprocessing(raw, [{ column: 't', kind: 'hash', buckets: 64, seed: 0 }], rows, []).width).toBe(
      64,
    );
  });
});
