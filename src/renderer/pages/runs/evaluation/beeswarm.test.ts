import { describe, expect, it } from 'vitest';
import { beeswarm } from './beeswarm.ts';

describe('beeswarm', () => {
  it('stacks dots of one place around the middle', () => {
    expect(beeswarm([10, 10, 10, 40], 4, 10).map(Math.abs)).toEqual([0, 4, 4, 0]);
    expect(new Set(beeswarm([10, 10, 10], 4, 10)).size).toBe(3);
  });

  it('keeps the most crowded place within the row', () => {
    const offsets = beeswarm(new Array<number>(200).fill(5), 4, 10);
    expect(Math.max(...offsets.map(Math.abs))).toBeLessThanOrEqual(10 + 1e-9);
    expect(new Set(offsets).size).toBe(200);
  });
});
