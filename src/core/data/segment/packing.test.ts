import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, packingOf, unpack } from './packing.ts';

const chunk = (values: readonly number[]): { encoding: 'f64'; bytes: Uint8Array } => ({
  encoding: 'f64',
  bytes: new Uint8Array(Float64Array.from(values).buffer),
});

/** What comes back of values that pack; null where they do not. */
function afterPacking(values: readonly number[]): number[] | null {
  const encoded = chunk(values);
  const packing = packingOf(encoded);
  if (packing === null) return null;
  const out = new Float64Array(values.length);
  unpack(pack(encoded, packing), packing, out);
  return [...out];
}

describe('packed values', () => {
  it('come back as they were, decimals and whole numbers of every width', () => {
    const decimals = fc
      .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 52 }))
      .chain(([digits, bits]) =>
        fc.array(fc.integer({ min: -(2 ** bits), max: 2 ** bits }), { minLength: 1, maxLength: 100 }).map(
          // A sum leaves no −0, which does not pack.
          (numbers) => numbers.map((number) => number / 10 ** digits + 0),
        ),
      );
    fc.assert(
      fc.property(decimals, (values) => {
        const back = afterPacking(values);
        if (back !== null) expect(back).toEqual(values);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['prices', [12.5, 0.01, -3.99, 1_000_000]],
    ['times to the microsecond', [1_767_225_600_000_001, 1_767_225_600_000_000 + 2 ** 40]],
    ['one value', [7, 7, 7]],
    ['32 bits', [0, 2 ** 32 - 1]],
    ['33 bits', [0, 2 ** 32]],
  ])('are %s', (_, values) => {
    expect(afterPacking(values)).toEqual(values);
  });

  it.each([
    ['NaN', [1, Number.NaN]],
    ['an infinity', [1, Number.POSITIVE_INFINITY]],
    ['−0', [1, -0]],
    ['values of full precision', [1 / 3, 2 / 3]],
    ['a range beyond what doubles hold', [-(2 ** 53), 2 ** 53 - 1]],
  ])('are never %s', (_, values) => {
    expect(afterPacking(values)).toBeNull();
  });
});
