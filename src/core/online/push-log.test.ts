import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { type ColumnSchema, cellToJson, type Table } from '../../shared/table/column.ts';
import { buildColumn, dataMigrations } from '../data/index.ts';
import { PUSHED_EVENT_TIME, PUSHED_KNOWN_TIME } from '../features/index.ts';
import { onlineMigrations } from './migrations.ts';
import { PushLog } from './push-log.ts';

const BLOCK = 8;
const TIMES: readonly ColumnSchema[] = [
  { name: PUSHED_EVENT_TIME, type: 'timestamp' },
  { name: PUSHED_KNOWN_TIME, type: 'timestamp' },
];
const FIRST: readonly ColumnSchema[] = [
  { name: 'id', type: 'int64' },
  { name: 'name', type: 'string' },
  { name: 'ok', type: 'bool' },
];
const LATER: readonly ColumnSchema[] = [...FIRST, { name: 'score', type: 'float64' }];

let parts: EngineParts;
let log: PushLog;
let pushed = 0;

beforeEach(async () => {
  parts = await openParts([dataMigrations, onlineMigrations]);
  log = new PushLog(parts.store, parts.blobs, BLOCK);
  pushed = 0;
});
afterEach(() => parts.close());

const never = new AbortController().signal;

/** Rows with nulls, text outside of ASCII and whole numbers beyond 2⁵³. */
function push(rows: number, columns: readonly ColumnSchema[] = LATER): void {
  const of = (row: number) => ({
    id: row % 5 === 0 ? null : 2n ** 60n + BigInt(row),
    name: row % 3 === 0 ? null : `اسم ${row % 4}`,
    ok: row % 2 === 0,
    score: row % 7 === 0 ? null : row / 3,
    [PUSHED_EVENT_TIME]: BigInt(1_000_000 * row),
    [PUSHED_KNOWN_TIME]: BigInt(1_000_000 * row + 1),
  });
  const given = Array.from({ length: rows }, (_, at) => of(pushed + at));
  const table: Table = {
    rows,
    columns: [...columns, ...TIMES].map((column) => {
      const values = given.map(
        (row) => (row as Record<string, bigint | string | boolean | number | null>)[column.name]!,
      );
      if (column.type !== 'timestamp') return buildColumn(column, values);
      return { ...column, type: 'timestamp', validity: null, values: Float64Array.from(values, Number) };
    }),
  };
  parts.store.transaction(() => {
    const writer = log.writer('visits', table);
    for (let row = 0; row < rows; row++) writer.append(row, Buffer.from(`digest ${pushed + row}`));
    writer.finish();
  });
  pushed += rows;
}

async function shown(first?: number): Promise<unknown[][]> {
  const { rows, columns } = await log.load('visits', [...LATER, ...TIMES], first);
  return Array.from({ length: rows }, (_, row) => columns.map((column) => cellToJson(column, row)));
}

const waiting = (): number =>
  parts.store.statement<{ n: number }>('SELECT count(*) AS n FROM push_row').get()!.n;

describe('pushed rows that are put together in columns', () => {
  it('are the same rows with the same digest, up to whichever of them', async () => {
    push(13, FIRST);
    push(30);
    const before = await shown();
    const digests: string[] = [];
    for (let rows = 0; rows <= pushed; rows++) digests.push(await log.digest('visits', rows));
    expect(new Set(digests).size).toBe(pushed + 1);

    await log.compact('visits', never);
    expect(waiting()).toBe(pushed % BLOCK);
    expect(await shown()).toEqual(before);
    for (let rows = 0; rows <= pushed; rows++) {
      expect(await shown(rows)).toEqual(before.slice(0, rows));
      expect(await log.digest('visits', rows)).toBe(digests[rows]);
    }
  });

  it('keep the newest row by itself, which tells when it became known', async () => {
    push(2 * BLOCK);
    const newest = log.newestKnown('visits');
    await log.compact('visits', never);
    expect(waiting()).toBe(BLOCK);
    expect(log.newestKnown('visits')).toBe(newest);
  });

  it('are taken in while others are put together, and seen once', async () => {
    push(3 * BLOCK + 1);
    const work = log.compact('visits', never);
    expect(log.compact('visits', never)).toBe(work);
    push(BLOCK);
    const during = shown();
    await work;
    expect((await during).map(([id]) => id)).toEqual((await shown()).map(([id]) => id));
    expect(await shown()).toHaveLength(4 * BLOCK + 1);
  });

  it('stay as they are when it is stopped, and leave nothing behind', async () => {
    push(3 * BLOCK);
    const stop = new AbortController();
    stop.abort();
    await expect(log.compact('visits', stop.signal)).rejects.toThrow();
    expect(waiting()).toBe(3 * BLOCK);
    expect(await parts.blobs.sweep()).toBe(0);
  });

  it('are read the same whatever was pushed and put together in turn', async () => {
    const step = fc.record({
      rows: fc.integer({ min: 1, max: 20 }),
      first: fc.boolean(),
      compact: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        const all: unknown[][] = [...(pushed === 0 ? [] : await shown())];
        for (const { rows, first, compact } of steps) {
          push(rows, first ? FIRST : LATER);
          if (compact) await log.compact('visits', never);
        }
        const now = await shown();
        expect(now).toHaveLength(pushed);
        expect(now.slice(0, all.length)).toEqual(all);
        now.forEach((row, at) => {
          expect(row[0]).toBe(at % 5 === 0 ? null : String(2n ** 60n + BigInt(at)));
        });
      }),
      { numRuns: 15 },
    );
  });
});
