import { describe, expect, it } from 'vitest';
import { UNKNOWN_KEY } from './index.ts';
import { rowsNearKeys } from './near-keys.ts';

const keysOf = (rows: number, keys: number): Uint32Array =>
  Uint32Array.from({ length: rows }, (_, row) =>
    row % 11 === 0 ? UNKNOWN_KEY : (Math.imul(row, 2_654_435_761) % keys) >>> 0,
  );

describe('rows near their keys', () => {
  it.each([
    [100, 50],
    [50_000, 20],
    [50_000, 40_000],
    [40_000, 65_536],
  ])('are all of %i rows over %i keys, each once', (rows, keys) => {
    const { rows: order, ends } = rowsNearKeys(keysOf(rows, keys), keys);
    expect(ends.at(-1)).toBe(rows);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, row) => row));
  });

  it('come in groups of ascending keys, rows of a group in their order, the unknown last', () => {
    const keys = 65_536;
    const key = keysOf(40_000, keys);
    const { rows: order, ends, groupKeys } = rowsNearKeys(key, keys);
    const groups = Array.from(order, (row) => Math.min(key[row]! >>> 7, keys));
    expect(groups).toEqual(groups.toSorted((a, b) => a - b));
    expect(groupKeys).toBe(128);
    expect([...ends.subarray(0, 512)]).toEqual(
      Array.from({ length: 512 }, (_, group) => groups.filter((one) => one <= group).length),
    );
    expect(ends.at(-1)).toBe(order.length);
    for (let at = 1; at < order.length; at++)
      if (groups[at] === groups[at - 1]) expect(order[at]).toBeGreaterThan(order[at - 1]!);
  });
});
