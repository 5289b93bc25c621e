import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColumnType, cellToJson } from '../../shared/table/column.ts';
import { type PackedValue, RowLayout, RowPacker, timesOf } from './packed-row.ts';
import { ColumnBuilder, unpackColumns } from './unpack-columns.ts';

const anyCell: fc.Arbitrary<readonly [ColumnType, PackedValue | null]> = fc.oneof(
  fc.tuple(fc.constant('float64' as const), fc.option(fc.double())),
  fc.tuple(fc.constant('int64' as const), fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))),
  fc.tuple(fc.constant('int64' as const), fc.option(fc.bigInt({ min: -9n, max: 9n }))),
  fc.tuple(fc.constant('bool' as const), fc.option(fc.boolean())),
  fc.tuple(fc.constant('string' as const), fc.option(fc.string({ unit: 'grapheme' }))),
  fc.tuple(fc.constant('timestamp' as const), fc.option(fc.integer())),
  fc.tuple(
    fc.constant('date' as const),
    fc.option(fc.integer({ min: -9, max: 9 }).map((day) => day * 86_400_000_000)),
  ),
);

describe('a packed row', () => {
  it('gives back every value, every null and its times', () => {
    fc.assert(
      fc.property(fc.array(anyCell, { maxLength: 20 }), fc.integer(), fc.nat(), (cells, event, sequence) => {
        const columns = cells.map(([type, value], index) => {
          const builder = new ColumnBuilder({ name: `c${index}`, type });
          builder.add(value);
          return builder.take();
        });
        const layout = new RowLayout(columns.map(({ name, type }) => ({ name, type })));
        const row = new RowPacker(layout).pack({ event, known: Number.NaN, sequence }, columns, 0);
        expect(timesOf(row)).toEqual({ event, known: Number.NaN, sequence });
        cells.forEach(([, value], index) => {
          expect(layout.value(row, index)).toEqual(value);
          expect(layout.place(`c${index}`)).toBe(index);
        });
        expect(unpackColumns(layout, [row])).toEqual(columns);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same JSON as a cell of the join is', () => {
    const cells: readonly (readonly [ColumnType, PackedValue | null])[] = [
      ['float64', 1.5],
      ['float64', Number.NaN],
      ['float64', Number.NEGATIVE_INFINITY],
      ['int64', 7n],
      ['int64', 2n ** 60n],
      ['bool', false],
      ['string', 'دبي'],
      ['timestamp', 1_767_225_600_000_001],
      ['date', 1_767_225_600_000_000],
      ['string', null],
    ];
    for (const [type, value] of cells) {
      const builder = new ColumnBuilder({ name: 'c', type });
      builder.add(value);
      const column = builder.take();
      const layout = new RowLayout([{ name: 'c', type }]);
      const row = new RowPacker(layout).pack({ event: 0, known: 0, sequence: 0 }, [column], 0);
      expect(layout.json(row, 0)).toEqual(cellToJson(column, 0));
    }
  });
});
