import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBox, sealBox } from './sealed-box.ts';

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
const short = fc.uint8Array({ maxLength: 100 });

describe('a sealed box', () => {
  it('gives back any content under its own key and purpose, and nothing otherwise', () => {
    fc.assert(
      fc.property(
        keys,
        keys,
        short,
        short,
        fc.nat(),
        fc.nat(7),
        (key, otherKey, content, purpose, at, bit) => {
          const box = sealBox(key, content, purpose);
          expect(openBox(key, box, purpose)?.equals(content)).toBe(true);
          fc.pre(Buffer.compare(key, otherKey) !== 0);
          expect(openBox(otherKey, box, purpose)).toBeNull();
          expect(openBox(key, box, Buffer.concat([purpose, Buffer.from([0])]))).toBeNull();
          expect(openBox(key, box.subarray(0, -1), purpose)).toBeNull();
          const flipped = Buffer.from(box);
          flipped[at % box.length]! ^= 1 << bit;
          expect(openBox(key, flipped, purpose)).toBeNull();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never seals the same bytes the same way', () => {
    const key = Buffer.alloc(32, 1);
    const boxes = new Set(
      Array.from({ length: 100 }, () => sealBox(key, Buffer.from('x'), Buffer.alloc(0)).toString('hex')),
    );
    expect(boxes.size).toBe(100);
  });
});
