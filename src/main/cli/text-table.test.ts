import { describe, expect, it } from 'vitest';
import { countText, formatNumber, textFacts, textTable, valueText } from './text-table.ts';

describe('text for terminals', () => {
  it('aligns columns, numbers on the right', () => {
    const rows = [
      { name: 'flights', rows: 1234567 },
      { name: 'مطارات', rows: null },
    ];
    expect(
      textTable(
        rows,
        [
          ['Name', (row) => row.name],
          ['Rows', (row) => row.rows],
        ],
        'none',
      ),
    ).toBe(['Name          Rows', 'flights  1,234,567', 'مطارات           –'].join('\n'));
  });

  it('counts in the singular too', () => {
    expect([0, 1, 2000].map((rows) => countText(rows, 'row'))).toEqual(['0 rows', '1 row', '2,000 rows']);
    expect([1, 2].map((count) => countText(count, 'entity', 'entities'))).toEqual(['1 entity', '2 entities']);
  });

  it('gives values of the data, fractions with as many digits as say something', () => {
    const values = [0.1 + 0.2, -1 / 3, 25.2769871, 1234567.891, 20260131, 1e-9 / 3, 'x', true, null];
    expect(values.map(valueText)).toEqual([
      '0.3',
      '-0.3333333',
      '25.27699',
      '1234567.89',
      '20260131',
      '3.333333e-10',
      'x',
      'true',
      null,
    ]);
  });

  it('says that a list is empty', () => {
    expect(textTable([], [['Name', () => '']], 'There is nothing.')).toBe('There is nothing.');
  });

  it('lets no data value write to the terminal', () => {
    expect(textFacts([['Name', 'a\u001b]0;title\u0007b\nc']])).not.toMatch(/\p{Control}/u);
  });

  it('shows no text as no value', () => {
    expect(textFacts([['Labels', '']])).toBe('Labels  –');
  });

  it('rounds to what a person reads', () => {
    expect([1234, 0.70123456, 1e-7, 123456.789].map(formatNumber)).toEqual([
      '1,234',
      '0.7012',
      '0.0000001',
      '123,456.8',
    ]);
  });
});
