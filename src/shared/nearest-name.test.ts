import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

describe('the nearest name', () => {
  it('is the one with the fewest letters changed, whatever the case', () => {
    expect(nearestName('Dely', ['delay', 'distance', 'date'])).toBe('delay');
  });
  it('is the one that begins alike where several are as near', () => {
    expect(nearestName('b', ['a', 'bb', 'd'])).toBe('bb');
  });
  it('is not guessed when nothing is close or nothing is known', () => {
    expect(nearestName('temperature', ['delay', 'date'])).toBeNull();
    expect(nearestName('delay', [])).toBeNull();
    expect(nearestName('big', ['i2'])).toBeNull();
    expect(nearestName('s', ['k', 'at'])).toBeNull();
  });
});
