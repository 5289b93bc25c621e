import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { niceTicks } from './nice-ticks.ts';

describe('niceTicks', () => {
  it.each([
    [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [-20, 180, 4, [0, 50, 100, 150]],
    [0.613, 0.731, 3, [0.65, 0.7]],
  ])('from %d to %d', (from, to, count, ticks) => {
    expect(niceTicks(from, to, count)).toEqual(ticks);
  });

  it('says the one value of an empty range', () => {
    expect(niceTicks(3, 3, 5)).toEqual([3]);
  });

  it('stays within the range, in order, and is never crowded', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-4, max: 1e6, noNaN: true }),
        fc.integer({ min: 2, max: 10 }),
        (from, span, count) => {
          const ticks = niceTicks(from, from + span, count);
          expect(ticks.length).toBeLessThanOrEqual(count + 1);
          for (const [index, tick] of ticks.entries()) {
            expect(tick).toBeGreaterThanOrEqual(from - span * 1e-6);
            expect(tick).toBeLessThanOrEqual(from + span * (1 + 1e-6));
            if (index > 0) expect(tick).toBeGreaterThan(ticks[index - 1]!);
          }
        },
      ),
    );
  });
});
