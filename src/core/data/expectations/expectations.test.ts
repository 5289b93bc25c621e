import { describe, expect, it } from 'vitest';
import { datasetDefinition, describeExpectation, expectation } from '../../../shared/definitions/datasets.ts';
import type { Column } from '../../../shared/table/column.ts';
import { expectationMisfit } from './expectation-fit.ts';
import { failingRows, type RowExpectation } from './failing-rows.ts';

const number = (...values: (number | null)[]): Column => ({
  name: 'v',
  type: 'float64',
  values: Float64Array.from(values, (value) => value ?? 0),
  validity: values.includes(null) ? Uint8Array.from(values, (value) => (value === null ? 0 : 1)) : null,
});
const text = (...values: string[]): Column => ({
  name: 'v',
  type: 'string',
  values: Uint32Array.from(values, (value) => [...new Set(values)].indexOf(value)),
  dictionary: [...new Set(values)],
  validity: null,
});
const wide: Column = { name: 'v', type: 'int64', values: BigInt64Array.of(1n, 2n ** 60n), validity: null };
const day: Column = {
  name: 'v',
  type: 'date',
  values: Float64Array.of(Date.UTC(2026, 0, 1) * 1000, Date.UTC(2026, 0, 3) * 1000),
  validity: null,
};

const rule = (one: object): RowExpectation => expectation.parse({ column: 'v', ...one }) as RowExpectation;

describe('an expectation', () => {
  it.each([
    ['a value', { notNull: true }, number(1, null, Number.NaN), [0, 1, 1]],
    [
      'a range, bounds included',
      { range: [0, 10] },
      number(0, 10, 10.5, -1, null, Number.NaN),
      [0, 0, 1, 1, 0, 0],
    ],
    ['an upper bound alone', { range: [null, 10] }, number(-1e300, 11), [0, 1]],
    ['a range of wide whole numbers', { range: [0, 1000] }, wide, [0, 1]],
    ['a range of days', { range: ['2026-01-01', '2026-01-02'] }, day, [0, 1]],
    ['one of some texts', { in: ['a', 'b'] }, text('a', 'c', 'b', 'c'), [0, 1, 0, 1]],
    ['one of some numbers', { in: [1, 2] }, wide, [0, 1]],
    ['one of some days', { in: ['2026-01-03'] }, day, [1, 0]],
    [
      'a pattern that the whole text fits',
      { matches: '[A-Z]{3}|-' },
      text('DXB', 'DXBX', '-', 'dxb'),
      [0, 1, 0, 1],
    ],
  ])('of %s fails exactly the rows without it', (_what, one, column, failing) => {
    expect([...failingRows(rule(one), column)]).toEqual(failing);
  });

  it.each([
    ['an unknown column', { column: 'delya', notNull: true }, 'there is no column "delya".'],
    [
      'a range of text',
      { column: 'origin', range: [0, 1] },
      'column "origin" is string, but range needs numbers or times.',
    ],
    [
      'numbers as bounds of times',
      { column: 'at', range: [0, 1] },
      'column "at" is timestamp, but the range is of numbers.',
    ],
    [
      'a pattern of numbers',
      { column: 'delay', matches: 'x' },
      'column "delay" is int64, but matches needs text.',
    ],
    [
      'texts in a column of numbers',
      { column: 'delay', in: ['1'] },
      'column "delay" is int64, but not every value of "in" is a number.',
    ],
    ['unknown columns to be unique', { columns: ['at', 'x'], unique: true }, 'there is no column "x".'],
  ])('does not fit %s', (_what, one, message) => {
    const columns = [
      { name: 'delay', type: 'int64' },
      { name: 'origin', type: 'string' },
      { name: 'at', type: 'timestamp' },
    ] as const;
    expect(expectationMisfit(expectation.parse(one), columns)?.message).toBe(message);
  });

  it('is told in words', () => {
    const told = [
      { column: 'a', range: [null, 5], maxShare: 0.01 },
      { columns: ['a', 'b'], unique: true },
      { freshness: '24h' },
    ].map((one) => describeExpectation(expectation.parse(one)));
    expect(told).toEqual(['a at most 5 (but for 1 %)', 'a, b unique', 'newest event time at most 24h old']);
  });

  it.each([
    [{ column: 'a', matches: '(' }],
    [{ column: 'a', range: [0] }],
    [{ column: 'a', range: ['soon', null] }],
    [{ column: 'a', notNull: false }],
    [{ freshness: 'a day' }],
    [{ column: 'a', notNull: true, maxShare: 2 }],
  ])('is refused where it means nothing: %j', (one) => {
    const definition = { kind: 'Dataset', name: 'd', expectations: [one] };
    expect(datasetDefinition.safeParse(definition).success).toBe(false);
  });
});
