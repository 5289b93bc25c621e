import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampPosition, scrollScale, toPosition, toScrollTop, visibleRows } from './scaled-scroll.ts';

describe('scrolling over more rows than a browser can lay out', () => {
  it('is the identity while the rows fit', () => {
    const scale = scrollScale(1000, 28, 600);
    expect(scale.elementHeight).toBe(28_000);
    expect(toPosition(512, scale)).toBeCloseTo(512);
    expect(toScrollTop(512, scale)).toBeCloseTo(512);
  });

  it('reaches the first and the last of three million rows', () => {
    const scale = scrollScale(3_000_000, 28, 600);
    expect(scale.elementHeight).toBeLessThan(33_000_000);
    expect(visibleRows(toPosition(0, scale), 28, scale, 3_000_000).first).toBe(0);
    const end = visibleRows(toPosition(scale.elementHeight - 600, scale), 28, scale, 3_000_000);
    expect(end.first + end.count).toBe(3_000_000);
  });

  it('shows nothing of nothing', () => {
    const scale = scrollScale(0, 28, 600);
    expect(visibleRows(toPosition(0, scale), 28, scale, 0).count).toBe(0);
  });

  it('maps back and forth and always covers the viewport', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000_000 }),
        fc.integer({ min: 20, max: 40 }),
        fc.integer({ min: 50, max: 2000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rows, rowHeight, viewport, share) => {
          const scale = scrollScale(rows, rowHeight, viewport);
          const position = clampPosition(share * rows * rowHeight, scale);
          expect(toPosition(toScrollTop(position, scale), scale)).toBeCloseTo(position, 2);
          const { first, count, offset } = visibleRows(position, rowHeight, scale, rows);
          expect(offset).toBeLessThanOrEqual(0);
          expect(first + count).toBeLessThanOrEqual(rows);
          const covered = offset + count * rowHeight;
          expect(covered >= viewport || first + count === rows).toBe(true);
        },
      ),
    );
  });
});
