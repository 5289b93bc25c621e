import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { Table as ArrowTable, makeData, TimestampNanosecond, tableToIPC, Vector } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFalajError } from '../../../shared/errors.ts';
import { type Column, cellToJson, type Table } from '../../../shared/table/column.ts';
import type { ReadRequest } from '../reader/frames.ts';
import { readFailure } from '../reader/read-failure.ts';
import { readFiles, readPiped } from '../reader/read-files.ts';
import { RemoteFile } from '../reader/remote-file.ts';
import { openArrowFeed } from './arrow-feed.ts';
import { decodeLz4Frame } from './lz4-frame.ts';
import { type ArrowForm, arrowBytes } from './write-arrow.ts';

const validity = (rows: number) =>
  fc.oneof(
    fc.constant(null),
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: rows, maxLength: rows })
      .map((bits) => Uint8Array.from(bits)),
  );
const numbers = (rows: number, value: fc.Arbitrary<number>) =>
  fc.array(value, { minLength: rows, maxLength: rows }).map((values) => Float64Array.from(values));

/** A table of every type; names are the types. */
const anyTable: fc.Arbitrary<Table> = fc.integer({ min: 1, max: 40 }).chain((rows) =>
  fc
    .tuple(
      fc.record({ validity: validity(rows), values: numbers(rows, fc.double()) }),
      fc.record({ validity: validity(rows), values: numbers(rows, fc.maxSafeInteger()) }),
      fc.record({
        validity: validity(rows),
        values: fc
          .array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: rows, maxLength: rows })
          .map((values) => BigInt64Array.from(values)),
      }),
      fc.record({
        validity: validity(rows),
        values: numbers(rows, fc.integer({ min: 0, max: 1 })).map((values) => Uint8Array.from(values)),
      }),
      fc.record({ validity: validity(rows), values: numbers(rows, fc.maxSafeInteger()) }),
      fc.record({
        validity: validity(rows),
        values: numbers(rows, fc.integer({ min: -100_000, max: 100_000 })).map((days) =>
          days.map((day) => day * 86_400_000_000),
        ),
      }),
      fc.record({
        validity: validity(rows),
        values: numbers(rows, fc.integer({ min: 0, max: 2 })).map((values) => Uint32Array.from(values)),
        dictionary: fc
          .tuple(fc.string(), fc.string({ unit: 'grapheme' }), fc.constant('الإمارات'))
          .map((texts) => [...texts]),
      }),
    )
    .map(([float64, int64, wide, bool, timestamp, date, text]) => ({
      rows,
      columns: [
        { name: 'float64', type: 'float64', ...float64 },
        { name: 'int64', type: 'int64', ...int64 },
        { name: 'wide', type: 'int64', ...wide },
        { name: 'bool', type: 'bool', ...bool },
        { name: 'timestamp', type: 'timestamp', ...timestamp },
        { name: 'date', type: 'date', ...date },
        { name: 'text', type: 'string', ...text },
      ] satisfies Column[],
    })),
);

async function written(tables: readonly Table[], form: ArrowForm = 'stream'): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of arrowBytes(tables[0]!.columns, tables, form)) parts.push(part);
  return Buffer.concat(parts);
}

async function read(
  bytes: Uint8Array,
  form: ArrowForm = 'stream',
): Promise<{ schema: unknown; rows: unknown[][] }> {
  const inPlace = new RemoteFile(0, bytes.length, async ({ start, end }) => bytes.subarray(start, end));
  const input =
    form === 'stream' ? Readable.from([bytes], { objectMode: false }) : { name: 'file', file: inPlace };
  const feed = await openArrowFeed([input]);
  const rows: unknown[][] = [];
  for await (const table of feed.tables()) rows.push(...cells(table));
  return { schema: feed.schema, rows };
}

/** Exact values: -0 and NaN as they are, whole numbers as text, however they are held. */
const cells = (table: Table): unknown[][] =>
  Array.from({ length: table.rows }, (_, row) =>
    table.columns.map((column) => {
      if (column.validity !== null && column.validity[row] === 0) return null;
      if (column.type === 'float64') return column.values[row];
      return column.type === 'int64'
        ? String(column.values[row]).replace('-0', '0')
        : cellToJson(column, row);
    }),
  );

describe('Arrow', () => {
  it('gives back every value of every type, over several record batches, as a stream and as a file', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, fc.constantFrom<ArrowForm>('stream', 'file'), async (table, form) => {
        const back = await read(await written([table, table], form), form);
        expect(back.schema).toEqual(table.columns.map(({ name, type }) => ({ name, type })));
        expect(back.rows).toEqual([...cells(table), ...cells(table)]);
      }),
      { numRuns: 60 },
    );
  });

  it('of no rows still has its columns', async () => {
    const empty: Table = {
      rows: 0,
      columns: [{ name: 'a', type: 'int64', validity: null, values: new Float64Array(0) }],
    };
    expect(await read(await written([empty]))).toEqual({ schema: [{ name: 'a', type: 'int64' }], rows: [] });
  });

  it('in nanoseconds is rounded toward the past with a note, or refused where digits must not be lost', async () => {
    const data = makeData({ type: new TimestampNanosecond(), data: BigInt64Array.of(-1n, 1_999n, 2_000n) });
    const bytes = tableToIPC(new ArrowTable({ at: new Vector([data]) }), 'stream');
    const opened = (exactTimes: string[]) =>
      openArrowFeed([Readable.from([bytes], { objectMode: false })], exactTimes);
    const rounded = await opened([]);
    expect(rounded.notes).toEqual(['Column "at": nanoseconds were cut to microseconds.']);
    for await (const table of rounded.tables()) expect([...table.columns[0]!.values]).toEqual([-1, 1, 2]);
    const exact = await opened(['at']);
    expect(exact.notes).toEqual([]);
    await expect(exact.tables()[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'TYPE_MISMATCH',
    });
  });

  it('that is cut off ends in rows or in an error for a person, wherever the cut is', async () => {
    const [table] = fc.sample(anyTable, { numRuns: 1, seed: 7 });
    for (const form of ['stream', 'file'] as const) {
      const bytes = await written([table!], form);
      for (let end = 0; end < bytes.length; end += 7) {
        const failure = await read(bytes.subarray(0, end), form).then(
          () => null,
          (error: unknown) => readFailure(error, REQUEST),
        );
        if (failure !== null) expect(REFUSALS).toContain(failure.code);
      }
    }
  });

  it('with changed bytes does no harm: the reader that it keeps busy or makes too large is ended', async () => {
    const [table] = fc.sample(anyTable, { numRuns: 1, seed: 7 });
    const folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-arrow-'));
    try {
      for (const form of ['stream', 'file'] as const) {
        const bytes = await written([table!], form);
        // The first lengths and offsets, in which a change leads the library astray, and places all over the rest.
        for (const at of [0, 4, 8, 11, ...[0.2, 0.5, 0.9].map((share) => Math.floor(share * bytes.length))]) {
          const damaged = Buffer.from(bytes);
          damaged[at] = damaged[at]! ^ 0x81;
          const file = path.join(folder, `${form}-${String(at)}.arrow`);
          writeFileSync(file, damaged);
          const limits = { timeLimitMs: 4000, memoryLimitBytes: 400_000_000 };
          const failure = await readFiles({ files: [file], ...limits }, async ({ groups }) => {
            let rows = 0;
            for await (const group of groups) rows += group.rows;
            return rows;
          }).then(
            () => null,
            (error: unknown) => error,
          );
          if (failure !== null)
            expect(failure).toMatchObject({
              code: expect.stringMatching(new RegExp([...REFUSALS, 'TIMED_OUT'].join('|'))),
            });
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 90_000);
});

describe('a piped body', () => {
  it('whose damaged lengths lead the reader astray is refused as malformed', async () => {
    const values = Float64Array.of(1, 2, 3);
    const damaged = await written([
      { rows: 3, columns: [{ name: 'value', type: 'float64', validity: null, values }] },
    ]);
    damaged.writeInt32LE(0x7fffff00, 208); // the library takes it for a size and asks for that much memory
    const rows = readPiped(
      {
        input: Readable.from([damaged], { objectMode: false }),
        timeLimitMs: 4000,
        memoryLimitBytes: 400_000_000,
      },
      async ({ groups }) => {
        for await (const _ of groups);
      },
    );
    await expect(rows).rejects.toMatchObject({ code: 'MALFORMED_FILE' });
  }, 30_000);
});

const REFUSALS = ['MALFORMED_FILE', 'TYPE_MISMATCH', 'UNSUPPORTED_FORMAT', 'OUT_OF_MEMORY'];

const REQUEST: ReadRequest = {
  files: [],
  piped: true,
  format: 'arrow',
  selection: null,
  remote: null,
  columns: null,
  every: 1,
  derive: [],
  exactTimes: [],
  texts: [],
  wholeFileTypes: false,
  memoryLimitBytes: 0,
  threads: 1,
};

describe('an LZ4 frame', () => {
  const frame = (...blocks: readonly (readonly number[])[]): Uint8Array => {
    const parts = blocks.map((block) => Buffer.from([block.length, 0, 0, 0, ...block]));
    return Buffer.concat([Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0]), ...parts, Buffer.alloc(4)]);
  };
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

  it('repeats what came before, also over its own end and out of an earlier block', () => {
    // "ab" and eight more bytes from two back; then four bytes from ten back and "z".
    const blocks = frame([0x24, 0x61, 0x62, 2, 0], [0x00, 10, 0, 0x10, 0x7a]);
    expect(text(decodeLz4Frame(blocks))).toBe('ababababababababz'.slice(2));
  });

  it('that reaches back before its beginning is refused', () => {
    for (const block of [[0x14, 0x61, 2, 0], [0x14, 0x61, 0, 0], [0xf0], [0x24, 0x61]]) {
      let thrown: unknown;
      try {
        decodeLz4Frame(frame(block));
      } catch (error) {
        thrown = error;
      }
      expect(isFalajError(thrown) && thrown.code).toBe('MALFORMED_FILE');
    }
  });
});
