import { describe, expect, it } from 'vitest';
import { giveBack } from './give-back.ts';

describe('memory that is given back', () => {
  it('is gone', () => {
    const bytes = new Uint8Array(8_192);
    giveBack(bytes);
    expect(bytes).toHaveLength(0);
  });

  it('stays where it is shared, small, or part of a larger one', () => {
    const kept = [
      new Uint8Array(new SharedArrayBuffer(8_192)),
      new Uint8Array(16),
      new Uint8Array(65_536).subarray(0, 8_192),
      Buffer.from('from the pool'),
    ];
    const lengths = kept.map(({ length }) => length);
    for (const bytes of kept) giveBack(bytes);
    expect(kept.map(({ length }) => length)).toEqual(lengths);
  });
});
