import { describe, expect, it } from 'vitest';
import { isFalajError } from '../../shared/errors.ts';
import type { Column } from '../../shared/table/column.ts';
import { checkVariation, labelValues } from './label-values.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('labelValues', () => {
  it('reads booleans and marks what is missing', () => {
    const { values, missing } = labelValues(
      { name: 'late', type: 'bool', validity: Uint8Array.of(1, 0, 1), values: Uint8Array.of(1, 1, 0) },
      3,
      'binary',
    );
    expect([...values]).toEqual([1, Number.NaN, 0]);
    expect(missing).toBe(1);
  });

  it('numbers many classes in their order, and knows their names', () => {
    const number = {
      name: 'n',
      type: 'float64',
      validity: null,
      values: Float64Array.of(10, 9, 10),
    } as const;
    expect(labelValues(number, 3, 'multiclass')).toEqual({
      values: Float32Array.of(1, 0, 1),
      missing: 0,
      classes: ['9', '10'],
    });
    const text: Column = {
      name: 't',
      type: 'string',
      validity: Uint8Array.of(1, 0, 1),
      values: Uint32Array.of(0, 0, 1),
      dictionary: ['late', 'early'],
    };
    expect(labelValues(text, 3, 'multiclass')).toEqual({
      values: Float32Array.of(1, Number.NaN, 0),
      missing: 1,
      classes: ['early', 'late'],
    });
  });

  it.each([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300])(
    'refuses a label of %d by its row',
    (value) => {
      const column = {
        name: 'price',
        type: 'float64',
        validity: null,
        values: Float64Array.of(1, value),
      } as const;
      expect(() => labelValues(column, 2, 'regression')).toThrowError(
        expect.objectContaining({
          code: 'LABEL_UNUSABLE',
          message: expect.stringContaining('price is infinite, or beyond 32 bits, in row 2'),
        }),
      );
    },
  );

  it('refuses a label of more classes than can be told apart', () => {
    const values = Float64Array.from({ length: 300 }, (_, row) => row);
    expect(() =>
      labelValues({ name: 'id', type: 'float64', validity: null, values }, 300, 'multiclass'),
    ).toThrow(/more than 256 classes/);
    const hintOf = (column: Column): unknown => {
      try {
        return labelValues(column, 300, 'multiclass');
      } catch (error) {
        return isFalajError(error) ? error.hint : error;
      }
    };
    expect(hintOf({ name: 'id', type: 'float64', validity: null, values })).toContain('regression');
    const dictionary = Array.from(values, String);
    const text = {
      name: 'id',
      type: 'string',
      validity: null,
      values: Uint32Array.from(values),
      dictionary,
    } as const;
    expect(hintOf(text)).toBe('Put rare classes together by an expression, or choose another label.');
  });

  it('refuses text, other numbers than 0 and 1 for a classifier, and an empty column', () => {
    const number = { name: 'late', type: 'float64', validity: null, values: Float64Array.of(0, 2) } as const;
    expect(() => labelValues(number, 2, 'binary')).toThrowError(code('LABEL_UNUSABLE'));
    expect(labelValues(number, 2, 'regression').missing).toBe(0);
    expect(() => labelValues({ ...number, validity: Uint8Array.of(0, 0) }, 2, 'regression')).toThrowError(
      code('LABEL_UNUSABLE'),
    );
    expect(() =>
      labelValues(
        { name: 'late', type: 'string', validity: null, values: Uint32Array.of(0), dictionary: ['yes'] },
        1,
        'binary',
      ),
    ).toThrowError(code('LABEL_UNUSABLE'));
  });
});

describe('checkVariation', () => {
  it('names the part in which the label never changes', () => {
    const parts = [
      { part: 'training part', labels: Float32Array.of(0, 1) },
      { part: 'test part', labels: Float32Array.of(1, 1) },
    ];
    expect(() => checkVariation('late', parts)).toThrowError(/test part/);
    expect(() => checkVariation('late', parts.slice(0, 1))).not.toThrow();
  });
});
