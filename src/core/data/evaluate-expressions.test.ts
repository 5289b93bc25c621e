import { describe, expect, it } from 'vitest';
import { cellToJson, type Table } from '../../shared/table/column.ts';
import { evaluateExpressions } from './evaluate-expressions.ts';

const ROWS = 100_000;

/** Texts of digits, but for the last row's. */
const digits = (last: string): Table => ({
  rows: ROWS,
  columns: [
    {
      name: 'v',
      type: 'string',
      values: Uint32Array.from({ length: ROWS }, (_, row) => (row === ROWS - 1 ? 1 : 0)),
      dictionary: ['12', last],
      validity: null,
    },
  ],
});

describe('expressions over a table', () => {
  it('give a value for every row, in order', async () => {
    const [column] = await evaluateExpressions(digits('7'), [
      { name: 'n', expression: 'CAST(v AS BIGINT) + 1' },
    ]);
    expect(column).toMatchObject({ name: 'n', type: 'int64' });
    expect(column!.validity).toBeNull();
    expect(column!.type === 'int64' && [column!.values.length, Number(column!.values.at(-1))]).toEqual([
      ROWS,
      8,
    ]);
  });

  it('read local times that clocks skip as before the change, and of repeated ones the later', async () => {
    const table: Table = {
      rows: 2,
      columns: [
        {
          name: 'local',
          type: 'string',
          values: Uint32Array.of(0, 1),
          dictionary: ['2026-03-29 02:30:00', '2026-10-25 02:30:00'],
          validity: null,
        },
      ],
    };
    const instants = ['2026-03-29T01:30:00Z', '2026-10-25T01:30:00Z'];
    for (const expression of [
      "CAST(local AS TIMESTAMP) AT TIME ZONE 'Europe/Berlin'",
      "CAST(local || ' Europe/Berlin' AS TIMESTAMPTZ)",
    ]) {
      const [column] = await evaluateExpressions(table, [{ name: 'at', expression }]);
      expect([cellToJson(column!, 0), cellToJson(column!, 1)]).toEqual(instants);
    }
  });

  it('are told a column that is meant, in one sentence', async () => {
    const table: Table = {
      rows: 1,
      columns: [{ name: 'delay', type: 'int64', values: Float64Array.of(1), validity: null }],
    };
    await expect(evaluateExpressions(table, [{ name: 'n', expression: 'dela > 1' }])).rejects.toMatchObject({
      message: 'The expression of "n" is refused: there is no column "dela"; did you mean "delay"?',
    });
  });

  it.each([
    ['range(1000000000)[1]', '"range" makes lists of any length'],
    ['len(generate_series(1, CAST(v AS BIGINT)))', '"generate_series" makes lists of any length'],
    [
      "repeat('x', CAST(v AS BIGINT))",
      'the length that "repeat" is given must be a number of at most 10,000',
    ],
    ["lpad(v, 1000000000, '0')", 'the length that "lpad" is given must be a number of at most 10,000'],
    ["repeat(upper(repeat('x', 9000)), 9000)", '"repeat" stands within "repeat"'],
  ])('cannot take all memory: %s', async (expression, reason) => {
    await expect(evaluateExpressions(digits('7'), [{ name: 'n', expression }])).rejects.toMatchObject({
      code: 'BAD_EXPRESSION',
      message: `The expression of "n" is refused: ${reason}.`,
    });
  });

  it('may fill up to a length', async () => {
    const [column] = await evaluateExpressions(digits('7'), [
      { name: 'n', expression: "lpad(v, 4, '0') || repeat('-', 2)" },
    ]);
    expect(cellToJson(column!, ROWS - 1)).toBe('0007--');
  });

  it('are refused when they fail on a late row', async () => {
    await expect(
      evaluateExpressions(digits('x'), [{ name: 'n', expression: 'CAST(v AS BIGINT)' }]),
    ).rejects.toMatchObject({ code: 'BAD_EXPRESSION', details: { name: 'n' } });
  });
});
