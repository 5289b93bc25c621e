import { describe, expect, it } from 'vitest';
import { randomHalves } from './random-halves.ts';

const table = (rows: number) => ({
  rows,
  columns: [
    {
      name: 'row',
      type: 'int64',
      validity: null,
      values: Float64Array.from({ length: rows }, (_, row) => row),
    },
    {
      name: 'odd',
      type: 'string',
      validity: null,
      values: Uint32Array.from({ length: rows }, (_, row) => row % 2),
      dictionary: ['no', 'yes'],
    },
  ] as const,
});

describe('randomHalves', () => {
  it('gives every row to one half, nearly evenly, in order, and the same again for the same seed', () => {
    const [first, second] = randomHalves(table(10_000), 5);
    const rows = [first, second].map((half) => [...(half.columns[0]!.values as Float64Array)]);
    expect([...rows[0]!, ...rows[1]!].sort((a, b) => a - b)).toEqual([...table(10_000).columns[0].values]);
    expect(Math.abs(first.rows - second.rows)).toBeLessThan(400);
    expect(rows[0]).toEqual([...rows[0]!].sort((a, b) => a - b));
    expect(randomHalves(table(10_000), 5)[0]).toEqual(first);
    expect(randomHalves(table(10_000), 6)[0]).not.toEqual(first);
  });

  it('does not follow the order of the rows', () => {
    const [first] = randomHalves(table(10_000), 5);
    const odd = (first.columns[1]!.values as Uint32Array).reduce((sum, value) => sum + value, 0);
    expect(Math.abs(odd / first.rows - 0.5)).toBeLessThan(0.03);
  });
});
