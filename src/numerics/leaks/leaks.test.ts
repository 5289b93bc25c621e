import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Column } from '../../shared/table/column.ts';
import { mulberry32 } from '../arrays/mulberry32.ts';
import { pearson, spearman } from './correlation.ts';
import { blocksOf, leaveOneOutLambda } from './group-association.ts';
import { labelAt, labelStrength, latenessOf, sameInstant, sampleRows, summarise } from './index.ts';

const ROWS = 400;
const random = mulberry32(11);
const noise = Array.from({ length: ROWS }, () => random());
const everyRow = sampleRows(ROWS, ROWS, 1);

/** null and NaN are no value. */
const numbers = (values: readonly (number | null)[], type: 'float64' | 'int64' = 'float64'): Column => ({
  name: 'numbers',
  type,
  values: Float64Array.from(values, (value) => value ?? 0),
  validity: Uint8Array.from(values, (value) => (value === null ? 0 : 1)),
});
const truths = (values: readonly boolean[]): Column => ({
  name: 'truths',
  type: 'bool',
  values: Uint8Array.from(values, Number),
  validity: null,
});
function texts(values: readonly (string | null)[]): Column {
  const dictionary = [...new Set(values.filter((value) => value !== null))];
  return {
    name: 'texts',
    type: 'string',
    dictionary,
    values: Uint32Array.from(values, (value) => (value === null ? 0 : dictionary.indexOf(value))),
    validity: Uint8Array.from(values, (value) => (value === null ? 0 : 1)),
  };
}
const told = (label: Column, feature: Column) => labelStrength(labelAt(label, everyRow), feature);

describe('a label of two classes', () => {
  const late = noise.map((value) => value > 0.7);
  const label = truths(late);

  it('is told by a feature of which it is a threshold, whichever way', () => {
    expect(told(label, numbers(noise))).toEqual({ measure: 'auc', strength: 1, rows: ROWS });
    expect(told(label, numbers(noise.map((value) => -value)))).toMatchObject({ measure: 'auc', strength: 1 });
  });

  it('has the area under the curve of a feature that tells it now and then', () => {
    // 120 rows of one class; of these 60 carry a 1, of the others none: 0.5 + 0.5 × 60/120.
    const classes = noise.map((_, row) => row < 120);
    const half = numbers(noise.map((_, row) => (row < 60 ? 1 : 0)));
    expect(told(truths(classes), half)!.strength).toBeCloseTo(0.75, 12);
  });

  it('is not told by noise', () => {
    expect(told(label, numbers(noise.map(() => random())))!.strength).toBeLessThan(0.7);
  });

  it('is told by the mere presence of a value', () => {
    const paid = numbers(late.map((isLate, row) => (isLate ? noise[(row * 7) % ROWS]! : null)));
    expect(told(label, paid)).toEqual({ measure: 'presence', strength: 1, rows: ROWS });
  });

  it('is told by a code that is neither high nor low', () => {
    const code = numbers(
      late.map((isLate, row) => (isLate ? 3 : row % 2 === 0 ? 1 : 7)),
      'int64',
    );
    expect(told(label, code)).toMatchObject({ measure: 'lambda', strength: 1 });
  });

  it('is told by text that goes with it, not by an identifier', () => {
    expect(told(label, texts(late.map((isLate) => (isLate ? 'delayed' : 'on time'))))).toMatchObject({
      measure: 'lambda',
      strength: 1,
    });
    expect(told(label, texts(late.map((_, row) => `flight-${row}`)))).toMatchObject({ strength: 0 });
  });

  it('is found when it is itself among the features', () => {
    expect(told(label, label)).toEqual({ measure: 'identical', strength: 1, rows: ROWS });
  });

  it('is compared only where it is known', () => {
    const known = numbers(late.map((isLate, row) => (row % 4 === 0 ? null : Number(isLate))));
    expect(told(known, numbers(noise))).toEqual({ measure: 'auc', strength: 1, rows: 300 });
  });

  it('leaves values out that are no numbers', () => {
    const broken = noise.map((value, row) =>
      row % 10 === 0 ? Number.NaN : row === 1 ? Number.POSITIVE_INFINITY : value,
    );
    expect(told(label, numbers(broken))).toEqual({ measure: 'auc', strength: 1, rows: 359 });
  });
});

describe('a label of numbers', () => {
  const label = numbers(noise.map((value) => 100 * value));

  it('is told by a line and by any rising curve', () => {
    expect(told(label, numbers(noise.map((value) => 3 - 2 * value)))!.strength).toBeCloseTo(1, 12);
    const curve = told(label, numbers(noise.map((value) => Math.exp(20 * value))));
    expect(curve).toMatchObject({ measure: 'spearman' });
    expect(curve!.strength).toBeCloseTo(1, 12);
  });

  it('is told by text that stands for its values, not by an identifier', () => {
    const steps = noise.map((value) => Math.floor(value * 40));
    expect(told(numbers(steps), texts(steps.map((step) => `step ${step}`)))).toMatchObject({
      measure: 'group-mean',
      strength: expect.closeTo(1, 9),
    });
    expect(told(label, texts(noise.map((_, row) => `row ${row}`)))).toMatchObject({ strength: 0 });
  });
});

describe('a label of several classes', () => {
  const outcome = noise.map((value) => (value < 0.3 ? 'early' : value < 0.8 ? 'on time' : 'late'));

  it('is told by another text and by a number that it was made from', () => {
    const codes = texts(outcome.map((one) => one.toUpperCase()));
    expect(told(texts(outcome), codes)).toMatchObject({ measure: 'lambda', strength: 1 });
    // 80 blocks of five rows; the two in which an edge falls cost a little.
    expect(told(texts(outcome), numbers(noise))!.strength).toBeGreaterThan(0.9);
  });

  it('has a lambda of the share of errors that go away', () => {
    // Classes 0 and 1 of ten rows each. Guessing the greater is wrong ten times, by group twice.
    const classes = Uint32Array.from({ length: 20 }, (_, row) => (row < 10 ? 0 : 1));
    const groups = Uint32Array.from({ length: 20 }, (_, row) => (row < 9 || row === 19 ? 0 : 1));
    expect(leaveOneOutLambda(groups, classes, 2)).toBeCloseTo(0.8, 12);
  });
});

it('says nothing of too few rows or of one class', () => {
  const few = labelAt(truths(noise.map((value) => value > 0.5)), sampleRows(20, 20, 1));
  expect(labelStrength(few, numbers(noise))).toBeNull();
  expect(told(truths(noise.map(() => true)), numbers(noise))).toBeNull();
  expect(told(truths(noise.map((_, row) => row === 3)), numbers(noise))).toBeNull();
});

it('correlates as the definitions say', () => {
  expect(pearson(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 3, 2, 5))).toBeCloseTo(0.8315218406, 9);
  expect(spearman(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 30, 2, 500))).toBeCloseTo(0.8, 12);
  expect(spearman(Float64Array.of(1, 1, 2, 2), Float64Array.of(5, 6, 6, 9))).toBeCloseTo(Math.SQRT1_2, 9);
  expect(pearson(Float64Array.of(1, 1), Float64Array.of(1, 2))).toBeNaN();
});

it('cuts numbers into blocks that never part equal ones', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 60 }), (values) => {
      const blocks = blocksOf(Float64Array.from(values));
      for (const [left, value] of values.entries())
        for (const [right, other] of values.entries()) {
          if (value === other) expect(blocks[left]).toBe(blocks[right]);
          if (value < other) expect(blocks[left]!).toBeLessThanOrEqual(blocks[right]!);
        }
    }),
  );
});

it('samples the same rows for the same seed, each once, in order', () => {
  const sample = sampleRows(10_000, 500, 7);
  expect(sample).toEqual(sampleRows(10_000, 500, 7));
  expect(sample).not.toEqual(sampleRows(10_000, 500, 8));
  expect(new Set(sample).size).toBe(500);
  expect(sample).toEqual(sample.toSorted());
  const mean = sample.reduce((sum, row) => sum + row, 0) / 500;
  expect(Math.abs(mean - 5000)).toBeLessThan(500);
});

describe('lateness', () => {
  it('counts what became known after the row’s own time', () => {
    const time = Float64Array.of(100, 100, 100, 100, Number.NaN);
    const winners = Float64Array.of(100, 130, 150, Number.NaN, Number.NaN);
    const window = Float64Array.of(90, 110, 190, Number.NaN, 500);
    const late = latenessOf(time, [winners, window]);
    expect([...late]).toEqual([Number.NaN, 30, 90, Number.NaN, Number.NaN]);
    expect(summarise(late)).toEqual({ rows: 2, medianMicros: 30 });
    expect(summarise(latenessOf(time, []))).toBeNull();
  });

  it('counts the rows that were given a fact of their own instant', () => {
    const time = Float64Array.of(10, 20, 30);
    expect(sameInstant(time, Float64Array.of(10, 15, Number.NaN))).toEqual({ rows: 1, of: 2 });
  });
});
