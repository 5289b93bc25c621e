import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnSchema } from '../../shared/table/column.ts';
import { EntityKeys } from './entity-key.ts';
import type { PackedValue } from './packed-row.ts';
import { ColumnBuilder } from './unpack-columns.ts';

type Part = readonly [ColumnSchema['type'], PackedValue | null];

const bytesOf = (...parts: readonly Part[]): string | null =>
  new EntityKeys(
    parts.map(([type, value]) => {
      const builder = new ColumnBuilder({ name: 'part', type });
      builder.add(value);
      return builder.take();
    }),
  )
    .of(0)
    ?.toString('hex') ?? null;

const anyPart: fc.Arbitrary<Part> = fc.oneof(
  fc.string({ maxLength: 3 }).map((text): Part => ['string', text]),
  fc.bigInt({ min: -3n, max: 3n }).map((value): Part => ['int64', value]),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): Part => ['int64', value]),
  fc.boolean().map((value): Part => ['bool', value]),
  fc.integer({ min: -2, max: 2 }).map((days): Part => ['date', days * 86_400_000_000]),
  fc.integer({ min: -2, max: 2 }).map((micros): Part => ['timestamp', micros]),
);

describe('the bytes of an entity key', () => {
  it('are equal exactly when the keys are equal part by part', () => {
    const same = (a: readonly Part[], b: readonly Part[]): boolean =>
      a.length === b.length && a.every(([type, value], at) => type === b[at]![0] && value === b[at]![1]);
    fc.assert(
      fc.property(fc.array(anyPart, { maxLength: 3 }), fc.array(anyPart, { maxLength: 3 }), (a, b) => {
        expect(bytesOf(...a) === bytesOf(...b)).toBe(same(a, b));
        expect(bytesOf(...a)).toBe(bytesOf(...a));
      }),
      { numRuns: 2000 },
    );
  });

  it('C13: never run into each other', () => {
    expect(bytesOf(['int64', 1n], ['int64', 23n])).not.toBe(bytesOf(['int64', 12n], ['int64', 3n]));
    expect(bytesOf(['string', 'a'], ['string', 'bc'])).not.toBe(bytesOf(['string', 'ab'], ['string', 'c']));
    expect(bytesOf(['string', '7'])).not.toBe(bytesOf(['int64', 7n]));
  });

  it('are none where a part is null, and none at all for a global view', () => {
    expect(bytesOf(['string', 'a'], ['int64', null])).toBeNull();
    expect(bytesOf()).toBe('');
  });
});
