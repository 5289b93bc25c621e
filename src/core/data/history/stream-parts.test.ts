import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../../test/fixtures/engine-parts.ts';
import { cellToJson } from '../../../shared/table/column.ts';
import { openArrowFeed } from '../arrow/arrow-feed.ts';
import { DataRoom } from '../data-room.ts';
import { dataMigrations } from '../migrations.ts';

const context = { signal: new AbortController().signal, progress: () => undefined, log: () => undefined };
const plain = { labels: [], purposes: [], every: 1, derive: [], eventTime: 'at', keys: ['id'] };

let parts: EngineParts;
let room: DataRoom;
beforeEach(async () => {
  parts = await openParts([dataMigrations]);
  room = new DataRoom(parts);
});
afterEach(() => parts.close());

const file = (name: string, ids: readonly number[], text: string): string => {
  const target = path.join(parts.folder, name);
  const lines = ids.map((id) => `${id},2026-01-01T00:00:00Z,${text} ${id % 5}`);
  writeFileSync(target, `id,at,text\n${lines.join('\n')}\n`);
  return target;
};
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

async function streamed(selection: { offset?: number; limit?: number }): Promise<unknown[][]> {
  const bytes = Readable.from(await room.arrowStream({ name: 'd', ...selection }), { objectMode: false });
  const rows: unknown[][] = [];
  for await (const table of (await openArrowFeed([bytes])).tables())
    for (let row = 0; row < table.rows; row++)
      rows.push(
        table.columns.map((column) =>
          column.type === 'int64' ? Number(column.values[row]) : cellToJson(column, row),
        ),
      );
  return rows;
}

describe('a dataset of several imports as Arrow', () => {
  it('gives its current rows, corrected ones left out, from any row to any other', async () => {
    const start = { ...plain, name: 'd' };
    await room.import(context, { ...start, mode: 'replace', files: [file('1.csv', range(0, 50), 'first')] });
    await room.import(context, { ...start, mode: 'append', files: [file('2.csv', range(50, 80), 'second')] });
    await room.import(context, { ...start, mode: 'upsert', files: [file('3.csv', [3, 4, 60, 90], 'third')] });
    const { rows } = await room.preview({ name: 'd', limit: 1000 });
    expect(rows).toHaveLength(81);
    expect(await streamed({})).toEqual(rows);
    for (const [offset, limit] of [
      [0, 1],
      [2, 3],
      [40, 20],
      [47, 33],
      [78, 9],
      [80, 5],
    ] as const)
      expect(await streamed({ offset, limit }), `${offset}, ${limit}`).toEqual(
        rows.slice(offset, offset + limit),
      );
    expect(await streamed({ offset: 81 })).toEqual([]);
  }, 60_000);
});
