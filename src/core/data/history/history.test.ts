import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColumnSchema, cellToJson, type Table } from '../../../shared/table/column.ts';
import { ContentPieces } from '../../store/index.ts';
import type { LogicalValues } from '../duckdb/logical.ts';
import { openSegment } from '../segment/reader.ts';
import { type RowGroup, SegmentWriter } from '../segment/writer.ts';
import { findCorrections } from './corrections.ts';
import { loadParts, type OpenPart } from './part-reader.ts';
import { digestOfGroups, regroup } from './regroup.ts';

const SCHEMA: readonly ColumnSchema[] = [
  { name: 'key', type: 'string' },
  { name: 'count', type: 'int64' },
  { name: 'value', type: 'float64' },
  { name: 'flag', type: 'bool' },
  { name: 'at', type: 'timestamp' },
];

type Cell = string | bigint | number | boolean | null;
type Row = readonly [string | null, bigint | null, number | null, boolean | null, number];

/** Cuts rows into groups as a reader would, with text in order of first appearance. */
function* groupsOf(
  rows: readonly (readonly Cell[])[],
  schema: readonly ColumnSchema[],
  size: number,
): Generator<RowGroup> {
  const dictionaries = schema.map(() => new Map<string, number>());
  for (let from = 0; from < rows.length; from += size) {
    const some = rows.slice(from, from + size);
    yield {
      rows: some.length,
      columns: schema.map(({ type }, index) => {
        const cells: Cell[] = some.map((row) => row[index]!);
        const known = dictionaries[index]!.size;
        const values = valuesOf(type, cells, dictionaries[index]!);
        const validity = cells.includes(null)
          ? Uint8Array.from(cells, (cell) => (cell === null ? 0 : 1))
          : null;
        return { values, validity, fresh: [...dictionaries[index]!.keys()].slice(known) };
      }),
    };
  }
}

function valuesOf(
  type: ColumnSchema['type'],
  cells: readonly Cell[],
  codes: Map<string, number>,
): LogicalValues {
  if (type === 'bool') return Uint8Array.from(cells, (cell) => (cell === true ? 1 : 0));
  if (type === 'string') {
    return Uint32Array.from(cells, (cell) => {
      if (typeof cell !== 'string') return 0;
      if (!codes.has(cell)) codes.set(cell, codes.size);
      return codes.get(cell)!;
    });
  }
  const isWide = cells.some((cell) => typeof cell === 'bigint' && !Number.isSafeInteger(Number(cell)));
  if (isWide) return BigInt64Array.from(cells, (cell) => (typeof cell === 'bigint' ? cell : 0n));
  return Float64Array.from(cells, (cell) => Number(cell ?? 0));
}

async function* streamed(groups: Iterable<RowGroup>): AsyncGenerator<RowGroup> {
  yield* groups;
}

const WHOLE_GROUP = 65_536;

async function partOf(
  rows: readonly (readonly Cell[])[],
  schema = SCHEMA,
  importedAtMs = 1000,
): Promise<OpenPart> {
  return written(streamed(groupsOf(rows, schema, WHOLE_GROUP)), schema, [
    { rows: rows.length, importedAtMs },
  ]);
}

async function written(
  groups: AsyncIterable<RowGroup>,
  schema: readonly ColumnSchema[],
  arrivals: OpenPart['part']['arrivals'],
): Promise<OpenPart> {
  const writer = new SegmentWriter(schema);
  const pieces: Uint8Array[] = [];
  for await (const piece of writer.bytes(groups)) pieces.push(piece.slice());
  const bytes = Buffer.concat(pieces);
  const { rows, digest, directoryOffset, directoryBytes } = writer.summary;
  const segment = await openSegment(
    async (offset, length) => new ContentPieces(offset, [bytes.subarray(offset, offset + length)]),
    {
      offset: directoryOffset,
      bytes: directoryBytes,
    },
  );
  const part = {
    rows,
    digest,
    source: 'test',
    arrivals,
    blobId: '',
    directoryOffset,
    directoryBytes,
    storedBytes: 0,
  };
  return { part, segment, mask: null };
}

const rowsOf = (table: Table): unknown[][] =>
  Array.from({ length: table.rows }, (_, row) => table.columns.map((column) => cellToJson(column, row)));

const digestOf = (parts: readonly OpenPart[], schema = SCHEMA): Promise<string> =>
  digestOfGroups(schema, regroup(parts, schema, { withSuperseded: false }));

const anyRow = fc.tuple(
  fc.option(fc.constantFrom('DXB', 'AUH', '', 'مطار دبي الدولي', 'a text of more than twelve bytes')),
  fc.option(
    fc.oneof(fc.bigInt({ min: -5n, max: 5n }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  ),
  fc.option(fc.oneof(fc.double(), fc.constantFrom(-0, Number.NaN, 1, 2.5))),
  fc.option(fc.boolean()),
  fc.integer({ min: 0, max: 5 }).map((minute) => 1e15 + minute * 60_000_000),
);

/** Rows, and the places at which they are cut into parts. */
const anySplit = fc
  .array(anyRow, { minLength: 1, maxLength: 40 })
  .chain((rows) =>
    fc.tuple(fc.constant(rows), fc.uniqueArray(fc.integer({ min: 1, max: 39 }), { maxLength: 6 })),
  )
  .map(([rows, cuts]) => {
    const edges = [0, ...cuts.filter((cut) => cut < rows.length).sort((a, b) => a - b), rows.length];
    return edges.slice(1).map((end, index) => rows.slice(edges[index]!, end));
  });

describe('rows in several parts', () => {
  it('are the same rows with the same digest as in one, however they are split', async () => {
    await fc.assert(
      fc.asyncProperty(anySplit, async (batches) => {
        const whole = await partOf(batches.flat());
        const parts = await Promise.all(batches.map((batch) => partOf(batch)));
        expect(await digestOf(parts)).toBe(whole.part.digest);
        const { table } = await loadParts(parts, { columns: SCHEMA });
        expect(rowsOf(table)).toEqual(rowsOf((await loadParts([whole], { columns: SCHEMA })).table));
      }),
    );
  });

  it('are the same again when they are put together', async () => {
    await fc.assert(
      fc.asyncProperty(anySplit, async (batches) => {
        const whole = await partOf(batches.flat());
        const parts = await Promise.all(batches.map((batch) => partOf(batch)));
        const joined = await written(regroup(parts, SCHEMA, { withSuperseded: true }), SCHEMA, []);
        expect(joined.part).toMatchObject({ rows: whole.part.rows, digest: whole.part.digest });
        expect(joined.segment.directory).toEqual(whole.segment.directory);
      }),
      { numRuns: 50 },
    );
  });

  it('are cut into the same groups over the bounds of large parts', async () => {
    const schema: readonly ColumnSchema[] = [
      { name: 'text', type: 'string' },
      { name: 'number', type: 'int64' },
    ];
    const rows = Array.from({ length: 150_000 }, (_, row): Cell[] => [
      row % 11 === 0 ? null : `t${(row * 7919) % 40_000}`,
      row === 70_000 ? 2n ** 60n : BigInt(row % 300),
    ]);
    const whole = await partOf(rows, schema);
    const parts = await Promise.all(
      [rows.slice(0, 66_000), rows.slice(66_000, 66_001), rows.slice(66_001)].map((some) =>
        partOf(some, schema),
      ),
    );
    expect(await digestOf(parts, schema)).toBe(whole.part.digest);
  });

  it('know when each of them was imported, also where only a stretch of time is read', async () => {
    const row = (minute: number): Row => ['a', 1n, 1, true, minute * 60_000_000];
    const parts = [
      await partOf([row(1), row(5), row(2)], SCHEMA, 1000),
      await partOf([row(3), row(1)], SCHEMA, 2000),
    ];
    const loaded = await loadParts(parts, {
      columns: [{ name: 'key', type: 'string' }],
      range: { column: 'at', from: 60_000_000, to: 4 * 60_000_000 },
    });
    expect(loaded.table.rows).toBe(4);
    expect([...loaded.importedAt()]).toEqual([1e6, 1e6, 2e6, 2e6]);
    const joined = await written(regroup(parts, SCHEMA, { withSuperseded: true }), SCHEMA, [
      { rows: 3, importedAtMs: 1000 },
      { rows: 2, importedAtMs: 2000 },
    ]);
    const again = await loadParts([joined], { columns: SCHEMA });
    expect([...again.importedAt()]).toEqual([1e6, 1e6, 1e6, 2e6, 2e6]);
  });
});

const keyed = fc.tuple(
  fc.constantFrom('1', '12', ''),
  fc.constantFrom(23n, 3n, 2n ** 60n),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constantFrom(0, 60_000_000),
);
const IDENTITY = SCHEMA.filter(({ name }) => name === 'key' || name === 'count' || name === 'at');

describe('corrections', () => {
  it('leave exactly the rows that plain loops would leave', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(keyed, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 }),
        async (batches) => {
          const parts: OpenPart[] = [];
          for (const batch of batches) {
            const added = await partOf(batch);
            parts.push(added);
            for (const { part, mask } of await findCorrections(parts.slice(0, -1), added, IDENTITY))
              parts[parts.indexOf(part)] = { ...part, mask };
          }
          const all: Row[] = batches.flat();
          const current = all.filter(
            ([key, count, , , at], index) =>
              !all
                .slice(index + 1)
                .some((later) => later[0] === key && later[1] === count && later[4] === at),
          );
          const whole = await partOf(current);
          const { table } = await loadParts(parts, { columns: SCHEMA });
          expect(rowsOf(table)).toEqual(rowsOf((await loadParts([whole], { columns: SCHEMA })).table));
          expect(await digestOf(parts)).toBe(whole.part.digest);
          const history = await loadParts(parts, { columns: SCHEMA, withSuperseded: true });
          expect(history.table.rows).toBe(all.length);
        },
      ),
    );
  });

  it('refuse a row without its key, naming file and row', async () => {
    const added = await partOf([
      ['a', 1n, 1, true, 0],
      [null, 1n, 1, true, 0],
    ]);
    await expect(findCorrections([], added, IDENTITY)).rejects.toThrow('Row 2 of "test" has no "key"');
  });
});
