import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowsInAscendingOrder } from './ascending-rows.ts';

describe('rowsInAscendingOrder', () => {
  it('orders any doubles as a stable comparison sort does and leaves NaN out', () => {
    const double = fc.oneof(fc.double(), fc.constantFrom(1, 1.5, -1, 0, 1e15, 1e15 + 1), fc.integer());
    fc.assert(
      fc.property(fc.array(double, { maxLength: 60 }), (numbers) => {
        const values = Float64Array.from(numbers, (value) => value + 0);
        const expected = [...values.keys()]
          .filter((row) => !Number.isNaN(values[row]!))
          .sort((a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : a - b));
        expect([...rowsInAscendingOrder(values)]).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
