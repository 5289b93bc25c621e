import { describe, expect, it } from 'vitest';
import { PageRevival } from './page-revival.ts';

describe('a page whose process died', () => {
  it('is loaded again by itself three times within a minute, then the person is asked', () => {
    const revival = new PageRevival(() => 0);
    expect([1, 2, 3, 4].map(() => revival.mayReload())).toEqual([true, true, true, false]);
    revival.forgive();
    expect(revival.mayReload()).toBe(true);
  });

  it('starts counting anew after a quiet minute', () => {
    let now = 0;
    const revival = new PageRevival(() => now);
    for (let crash = 0; crash < 4; crash += 1) revival.mayReload();
    now = 60_000;
    expect(revival.mayReload()).toBe(true);
  });
});
