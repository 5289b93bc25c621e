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
    const encoding = fitEncoding(carriers, Uint32Array.of(0, 1, 2, 3), Float32Array.of(1, 1, 0, 0), 'mean');
    expect(encoding).toEqual({
      kind: 'category',
      values: ['AA', 'UA'],
      numbers: [Math.fround((2 + 15) / 32), Math.fround(15 / 32)],
      other: 0.5,
    });
  });

  it('numbers texts by their frequency, and gives all others one number more', () => {
    const rows = Uint32Array.of(0, 1, 2, 3, 4, 5);
    expect(fitEncoding(carriers, rows, new Float32Array(6), 'native')).toEqual({
      kind: 'category',
      values: ['AA', 'UA', 'NW'],
      numbers: [0, 1, 2],
      other: 3,
    });
  });

  it('keeps the most frequent of a million texts', () => {
    const dictionary = Array.from({ length: 1_000_000 }, (_, index) => `text ${index}`);
    const rows = Uint32Array.from({ length: 1_000_100 }, (_, row) => row);
    const column: Column = {
      name: 'id',
      type: 'string',
      validity: null,
      values: rows.map((row) => (row < 1_000_000 ? row : 777_777)),
      dictionary,
    };
    const encoding = fitEncoding(column, rows, new Float32Array(rows.length), 'native');
    expect(encoding).toMatchObject({ kind: 'category', other: 253 });
    expect(encoding.kind === 'category' && encoding.values[0]).toBe('text 777777');
  });

  it('does not count a missing text as the first of the dictionary', () => {
    const encoding = fitEncoding(carriers, Uint32Array.of(4, 5), Float32Array.of(1, 0), 'mean');
    expect(encoding).toMatchObject({ values: ['NW'] });
  });

  it('takes numbers as they are and times as days', () => {
    const rows = Uint32Array.of(0);
    const labels = Float32Array.of(1);
    expect(
      fitEncoding(
        { name: 'n', type: 'float64', validity: null, values: Float64Array.of(1) },
        rows,
        labels,
        'mean',
      ),
    ).toEqual({ kind: 'number' });
    expect(
      fitEncoding(
        { name: 't', type: 'timestamp', validity: null, values: Float64Array.of(1) },
        rows,
        labels,
        'mean',
      ),
    ).toEqual({ kind: 'days' });
  });
});
