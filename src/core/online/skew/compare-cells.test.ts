import { describe, expect, it } from 'vitest';
import { compareCells, SkewTally } from './compare-cells.ts';

describe('compareCells', () => {
  it.each([
    [1, 1, 'equal'],
    [null, null, 'equal'],
    [null, 1, 'missing'],
    [0, null, 'extra'],
    ['a', 'b', 'mismatch'],
    [true, false, 'mismatch'],
    ['1', 1, 'mismatch'],
    ['9007199254740993', '9007199254740992', 'mismatch'],
  ] as const)('%o online beside %o offline: %s', (online, offline, outcome) => {
    expect(compareCells(online, offline, 1e-9)).toBe(outcome);
  });

  it('lets numbers differ by a part of the larger one, and below one by as much itself', () => {
    expect(compareCells(1_000_000, 1_000_000.5, 1e-6)).toBe('equal');
    expect(compareCells(1_000_000, 1_000_002, 1e-6)).toBe('mismatch');
    expect(compareCells(0, 5e-7, 1e-6)).toBe('equal');
    expect(compareCells(0, 2e-6, 1e-6)).toBe('mismatch');
    expect(compareCells(0.1 + 0.2, 0.3, 0)).toBe('mismatch');
  });
});

describe('SkewTally', () => {
  const tallied = (type: 'float64' | 'string' | 'bool', pairs: readonly (readonly [unknown, unknown])[]) => {
    const tally = new SkewTally(type);
    for (const [online, offline] of pairs as readonly (readonly [number, number])[]) {
      tally.add(online, offline, compareCells(online, offline, 0));
    }
    return tally.counts();
  };

  it('means the relative distance of numbers over the rows that both sides have', () => {
    expect(
      tallied('float64', [
        [1, 1],
        [1, 3],
        [0, 0],
        [-2, 2],
        [null, 7],
        [7, null],
      ]),
    ).toEqual({
      equal: 2,
      mismatch: 2,
      missing: 1,
      extra: 1,
      smape: (0 + 1 + 0 + 2) / 4,
      editDistance: null,
    });
  });

  it('means the characters to change of texts', () => {
    expect(
      tallied('string', [
        ['Deira', 'Deira'],
        ['Deira', 'Dubai'],
        ['', 'x'],
      ]),
    ).toMatchObject({ mismatch: 2, smape: null, editDistance: (0 + 4 + 1) / 3 });
  });

  it('measures nothing where there is nothing to measure', () => {
    expect(tallied('float64', [[null, null]])).toMatchObject({ equal: 1, smape: null });
    expect(tallied('bool', [[true, false]])).toMatchObject({ mismatch: 1, smape: null, editDistance: null });
  });
});
