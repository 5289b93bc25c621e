import { describe, expect, it } from 'vitest';
import { sharedMatrix } from './shared-floats.ts';

const GIB = 2 ** 30;

describe('sharedMatrix', () => {
  it('gives a matrix of zeros', () => {
    expect(
      sharedMatrix(
        3,
        new Map([
          ['a', 1],
          ['b', 2],
        ]),
        GIB,
      ),
    ).toEqual(new Float32Array(new SharedArrayBuffer(36)));
  });

  it('refuses what the machine, or the program, has no room for, naming the widest feature', () => {
    const widths = new Map([
      ['price', 1],
      ['town', 10_000],
    ]);
    for (const totalBytes of [8 * GIB, Number.POSITIVE_INFINITY])
      expect(() => sharedMatrix(3_000_000_000, widths, totalBytes)).toThrow(
        expect.objectContaining({
          code: 'OUT_OF_MEMORY',
          hint: expect.stringContaining('town, which takes 10000'),
        }),
      );
  });
});
