import { describe, expect, it } from 'vitest';
import type { Column } from '../../shared/table/column.ts';
import { fitEncoding } from './fit-encoding.ts';

const carriers: Column = {
  name: 'carrier',
  type: 'string',
  validity: Uint8Array.of(1, 1, 1, 1, 0, 1),
  values: Uint32Array.of(0, 0, 1, 1, 0, 2),
  dictionary: ['AA', 'UA', 'NW'],
};

describe('fitEncoding', () => {
  it('learns label means from the training rows alone and leans towards the overall mean', () => {
    const encoding = fitEncoding(carriers, Uint32Array.of(0, 1, 2, 3), Float32Array.of(1, 1, 0, 0));
    expect(encoding).toEqual({
      kind: 'category',
      values: ['AA', 'UA'],
      numbers: [Math.fround((2 + 15) / 32), Math.fround(15 / 32)],
      other: 0.5,
    });
  });

  it('does not count a missing text as the first of the dictionary', () => {
    const encoding = fitEncoding(carriers, Uint32Array.of(4, 5), Float32Array.of(1, 0));
    expect(encoding).toMatchObject({ values: ['NW'] });
  });

  it('takes numbers as they are and times as days', () => {
    const rows = Uint32Array.of(0);
    const labels = Float32Array.of(1);
    expect(
      fitEncoding({ name: 'n', type: 'float64', validity: null, values: Float64Array.of(1) }, rows, labels),
    ).toEqual({ kind: 'number' });
    expect(
      fitEncoding({ name: 't', type: 'timestamp', validity: null, values: Float64Array.of(1) }, rows, labels),
    ).toEqual({ kind: 'days' });
  });
});
