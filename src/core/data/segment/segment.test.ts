import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFalajError } from '../../../shared/errors.ts';
import { type Column, type ColumnType, cellToJson, type Table } from '../../../shared/table/column.ts';
import { ContentPieces } from '../../store/index.ts';
import { decodeValues, encodeValues } from './encoding.ts';
import { groupRows } from './group-rows.ts';
import { openSegment, type SegmentReader } from './reader.ts';
import { type RowGroup, SegmentWriter } from './writer.ts';

const numbers = (values: readonly number[]): Float64Array => Float64Array.from(values);

function roundTrip(type: ColumnType, values: Float64Array, validity: Uint8Array | null = null) {
  const encoded = encodeValues(type, values, validity);
  return { encoded, decoded: decodeValues(type, encoded, values.length) };
}

describe('the narrowest exact form', () => {
  it.each([
    [
      'minutes of a day in two bytes',
      'timestamp',
      [0, 1, 1439].map((minute) => 1e15 + minute * 60_000_000),
      'u16',
    ],
    ['days in one', 'date', [0, 86_400_000_000 * 200], 'u8'],
    ['microseconds that are no whole second in eight', 'timestamp', [1e15, 1e15 + 5e12 + 1], 'f64'],
    ['small numbers in one', 'int64', [-100, 155], 'u8'],
    ['larger ones in two', 'int64', [-30_000, 30_000], 'u16'],
    ['whole floats like whole numbers', 'float64', [1, 2, 3], 'u8'],
    ['halves as single floats', 'float64', [0.5, 1.25], 'f32'],
    ['tenths as doubles', 'float64', [0.1, 0.2], 'f64'],
    ['one value not at all', 'int64', [7, 7, 7], 'constant'],
    ['minus zero as a float', 'float64', [-0, 1], 'f32'],
    ['the endless ones as floats', 'float64', [Number.POSITIVE_INFINITY, Number.NaN, 1], 'f32'],
    ['the widest whole numbers as they are', 'int64', [-(2 ** 53 - 1), 2 ** 53 - 1], 'f64'],
  ] as const)('keeps %s', (_what, type, values, form) => {
    const { encoded, decoded } = roundTrip(type, numbers(values));
    expect(encoded.encoding).toBe(form);
    expect(Array.from(decoded as Float64Array, (value) => Object.is(value, -0))).toEqual(
      values.map((value) => Object.is(value, -0)),
    );
    expect(decoded).toEqual(numbers(values));
  });

  it('knows the smallest and greatest present value', () => {
    const validity = Uint8Array.from([1, 0, 1]);
    expect(roundTrip('int64', numbers([5, 0, 9]), validity).encoded).toMatchObject({
      min: 5,
      max: 9,
      base: 0,
    });
    expect(roundTrip('int64', numbers([0, 0, 0]), new Uint8Array(3)).encoded).toMatchObject({
      min: null,
      max: null,
    });
  });

  it('gives back any doubles and any whole numbers', () => {
    const whole = fc.integer({ min: -(2 ** 53 - 1), max: 2 ** 53 - 1 });
    const small = fc.tuple(whole, fc.array(fc.integer({ min: 0, max: 70_000 }), { minLength: 1 }));
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1 }), (values) => {
        expect(roundTrip('float64', numbers(values)).decoded).toEqual(numbers(values));
      }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('int64' as const, 'timestamp' as const),
        fc.array(whole, { minLength: 1 }),
        (type, values) => {
          expect(roundTrip(type, numbers(values)).decoded).toEqual(numbers(values));
        },
      ),
    );
    fc.assert(
      fc.property(small, ([base, offsets]) => {
        const values = offsets.map((offset) => Math.max(-(2 ** 53 - 1), base - offset));
        expect(roundTrip('int64', numbers(values)).decoded).toEqual(numbers(values));
      }),
    );
  });
});

interface Written {
  readonly bytes: Buffer;
  readonly writer: SegmentWriter;
  readonly table: Table;
  open(bytes?: Buffer): Promise<SegmentReader>;
}

/** Rows of three columns in groups of the given sizes. */
async function write(groups: readonly number[], shift = 0): Promise<Written> {
  const schema = [
    { name: 'at', type: 'timestamp' as const },
    { name: 'name', type: 'string' as const },
    { name: 'wide', type: 'int64' as const },
  ];
  const rows = groups.reduce((sum, size) => sum + size, 0);
  const dictionary: string[] = [];
  const at = Float64Array.from({ length: rows }, (_, row) => (row + shift) * 60_000_000);
  const codes = Uint32Array.from({ length: rows }, (_, row) => row >> 1);
  const wide = BigInt64Array.from({ length: rows }, (_, row) => BigInt(row) * 2n ** 53n);
  const present = Uint8Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 0 : 1));
  for (let row = 0; row < rows; row += 3) codes[row] = 0;
  async function* stream(): AsyncGenerator<RowGroup> {
    let first = 0;
    for (const size of groups) {
      const end = first + size;
      const fresh: string[] = [];
      for (let row = first; row < end; row++) {
        while (dictionary.length <= codes[row]!) {
          fresh.push(`name ${dictionary.length} الاسم`);
          dictionary.push(fresh.at(-1)!);
        }
      }
      yield {
        rows: size,
        columns: [
          { values: at.slice(first, end), validity: null, fresh: [] },
          { values: codes.slice(first, end), validity: present.slice(first, end), fresh },
          { values: wide.slice(first, end), validity: null, fresh: [] },
        ],
      };
      first = end;
    }
  }
  const writer = new SegmentWriter(schema);
  const parts: Uint8Array[] = [];
  for await (const part of writer.bytes(stream())) parts.push(Buffer.from(part));
  const bytes = Buffer.concat(parts);
  const columns: Column[] = [
    { name: 'at', type: 'timestamp', values: at, validity: null },
    { name: 'name', type: 'string', values: codes, validity: present, dictionary },
    { name: 'wide', type: 'int64', values: wide, validity: null },
  ];
  const { directoryOffset, directoryBytes } = writer.summary;
  return {
    bytes,
    writer,
    table: { rows, columns },
    open: (from = bytes) =>
      openSegment(async (offset, length) => piecesOf(from, offset, length), {
        offset: directoryOffset,
        bytes: directoryBytes,
      }),
  };
}

/** Cut at every hundred bytes of the content, as a sealed file is at every mebibyte. */
function piecesOf(content: Buffer, offset: number, length: number): ContentPieces {
  const pieces: Buffer[] = [];
  for (let from = offset; from < offset + length; from += 100)
    pieces.push(content.subarray(from, Math.min(from + 100, offset + length)));
  return new ContentPieces(offset, pieces);
}

const cells = (table: Table): unknown[][] =>
  table.columns.map((column) => Array.from({ length: table.rows }, (_, row) => cellToJson(column, row)));

describe('a segment', () => {
  it('gives back every row, in the order of the columns asked for', async () => {
    const written = await write([400, 400, 123]);
    const segment = await written.open();
    expect(cells(await segment.table())).toEqual(cells(written.table));
    const some = await segment.table(['wide', 'at'], [1]);
    expect(some.columns.map(({ name }) => name)).toEqual(['wide', 'at']);
    expect(cells(some)[1]).toEqual(cells(written.table)[0]!.slice(400, 800));
  });

  it('finds the groups of a stretch of time and of rows without reading them', async () => {
    const segment = await (await write([100, 100, 100])).open();
    const minute = 60_000_000;
    expect(segment.groupsWithin('at', 99 * minute, 100 * minute)).toEqual([0]);
    expect(segment.groupsWithin('at', 99 * minute, 100 * minute + 1)).toEqual([0, 1]);
    expect(segment.groupsWithin('at', 300 * minute, 400 * minute)).toEqual([]);
    expect(segment.groupsOfRows({ first: 150, count: 60 })).toEqual({ groups: [1, 2], firstRow: 100 });
  });

  it('reads nothing of the columns that are not asked for', async () => {
    const { bytes, writer } = await write([1000]);
    const read: number[] = [];
    const { directoryOffset, directoryBytes } = writer.summary;
    const segment = await openSegment(
      async (offset, length) => {
        read.push(length);
        return piecesOf(bytes, offset, length);
      },
      { offset: directoryOffset, bytes: directoryBytes },
    );
    const before = read.length;
    await segment.table(['at']);
    expect(read.slice(before).reduce((sum, length) => sum + length, 0)).toBe(
      segment.directory.groups[0]!.chunks[0]!.values.stored,
    );
  });

  it('has a digest of its content', async () => {
    const digest = async (groups: number[], shift?: number): Promise<string> =>
      (await write(groups, shift)).writer.summary.digest;
    expect(await digest([500])).toBe(await digest([500]));
    expect(await digest([500], 1)).not.toBe(await digest([500]));
  });

  it('refuses or survives any damage of its bytes', async () => {
    const written = await write([300, 50]);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(written.bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, mask) => {
          const damaged = Buffer.from(written.bytes);
          damaged[at] = damaged[at]! ^ mask;
          try {
            expect((await (await written.open(damaged)).table()).rows).toBeGreaterThan(0);
          } catch (error) {
            expect(isFalajError(error), String(error)).toBe(true);
          }
        },
      ),
      { numRuns: 1_500 },
    );
  });
});

describe('row groups', () => {
  it('are whole vectors, and smaller where a table is wide', () => {
    expect(groupRows(5)).toBe(65_536);
    expect(groupRows(1_000)).toBe(8_192 - (8_192 % 2_048));
    expect(groupRows(1_000_000)).toBe(2_048);
  });
});
