import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { DataRoom } from './data-room.ts';
import { dataMigrations } from './migrations.ts';

const context = { signal: new AbortController().signal, progress: () => undefined, log: () => undefined };
const plain = { labels: [], purposes: [], every: 1, derive: [] };

let parts: EngineParts;
let room: DataRoom;

beforeEach(async () => {
  parts = await openParts([dataMigrations]);
  room = new DataRoom(parts);
});
afterEach(() => parts.close());

const file = (name: string, content: string | Uint8Array): string => {
  const target = path.join(parts.folder, name);
  writeFileSync(target, content);
  return target;
};

const flights = (rows = 100): string =>
  file(
    'flights.csv',
    `date,delay,origin,cancelled\n${Array.from({ length: rows }, (_, row) => `2001-01-01 00:${String(row % 60).padStart(2, '0')}:00,${row % 7 === 0 ? '' : row - 20},${['DXB', 'AUH', 'An airport with a long name'][row % 3]},${row % 2 === 0}`).join('\n')}\n`,
  );

describe('importing', () => {
  it('keeps rows, types, nulls and order, and finds them again after a restart', async () => {
    const dataset = await room.import(context, {
      ...plain,
      name: 'flights',
      files: [flights()],
      eventTime: 'date',
      labels: ['internal'],
    });
    expect(dataset).toMatchObject({
      name: 'flights',
      version: 1,
      rows: 100,
      eventTime: 'date',
      labels: ['internal'],
    });
    expect(dataset.columns).toEqual([
      { name: 'date', type: 'timestamp' },
      { name: 'delay', type: 'int64' },
      { name: 'origin', type: 'string' },
      { name: 'cancelled', type: 'bool' },
    ]);
    parts = parts.reopen();
    room = new DataRoom(parts);
    const { rows, totalRows } = await room.preview({ name: 'flights', offset: 20, limit: 3 });
    expect(totalRows).toBe(100);
    expect(rows).toEqual([
      ['2001-01-01T00:20:00Z', 0, 'An airport with a long name', true],
      ['2001-01-01T00:21:00Z', null, 'DXB', false],
      ['2001-01-01T00:22:00Z', 2, 'AUH', true],
    ]);
  });

  it('gives the same version for the same content, and a next one for other content', async () => {
    const first = await room.import(context, { ...plain, name: 'flights', files: [flights()] });
    expect((await room.import(context, { ...plain, name: 'flights', files: [flights()] })).version).toBe(1);
    const second = await room.import(context, { ...plain, name: 'flights', files: [flights(101)] });
    expect(second.version).toBe(2);
    expect(second.digest).not.toBe(first.digest);
    expect(room.versions({ name: 'flights' }).map(({ version }) => version)).toEqual([2, 1]);
  });

  it('takes each n-th row and adds derived columns', async () => {
    const dataset = await room.import(context, {
      ...plain,
      name: 'some',
      files: [flights()],
      every: 10,
      derive: [{ name: 'late', expression: 'delay > 15' }],
    });
    expect(dataset.rows).toBe(10);
    const { rows } = await room.preview({ name: 'some' });
    expect(rows.map((row) => row.at(-1))).toEqual([
      null,
      false,
      false,
      false,
      true,
      true,
      true,
      null,
      true,
      true,
    ]);
  });

  it('records the import without any value of the data', async () => {
    await room.import(context, { ...plain, name: 'flights', files: [flights()] });
    const [entry] = parts.audit.list({ action: 'data.import' }).entries;
    expect(entry).toMatchObject({ object: 'data/flights', details: { version: 1, rows: 100 } });
    expect(JSON.stringify(entry)).not.toContain('DXB');
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(
      room.import(
        { ...context, signal: controller.signal },
        { ...plain, name: 'flights', files: [flights()] },
      ),
    ).rejects.toThrow();
    expect(room.list()).toEqual([]);
    expect(parts.blobs.usage()).toEqual({ blobs: 0, bytes: 0 });
    expect(blobFiles()).toEqual([]);
  });
});

function blobFiles(): string[] {
  const folder = path.join(parts.folder, 'workspace', 'blobs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

describe('looking before importing', () => {
  it('shows the columns that an import would have and the first rows, and keeps nothing', async () => {
    const { columns, rows } = await room.peek({ files: [flights(50_000)] });
    expect(columns).toEqual([
      { name: 'date', type: 'timestamp' },
      { name: 'delay', type: 'int64' },
      { name: 'origin', type: 'string' },
      { name: 'cancelled', type: 'bool' },
    ]);
    expect(rows.length).toBe(20);
    expect(rows[1]).toEqual(['2001-01-01T00:01:00Z', -19, 'AUH', false]);
    expect(room.list()).toEqual([]);
    expect(parts.blobs.usage().blobs).toBe(0);
  });

  it('takes the format that is said, and refuses what an import would refuse', async () => {
    const table = file('table.txt', 'a\tb\n1\tx\n');
    expect(await room.peek({ files: [table], format: 'tsv' })).toEqual({
      columns: [
        { name: 'a', type: 'int64' },
        { name: 'b', type: 'string' },
      ],
      rows: [[1, 'x']],
    });
    await expect(room.peek({ files: [path.join(parts.folder, 'no.csv')] })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });

  it('stops when whoever asked has gone', async () => {
    await expect(room.peek({ files: [flights()] }, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});

describe('files that cannot be imported', () => {
  const cases: readonly [string, string, string | Uint8Array, string][] = [
    ['ragged rows', 'ragged.csv', 'a,b\n1,2\n3,4,5\n', 'MALFORMED_FILE'],
    ['no rows below the header', 'header.csv', 'a,b\n', 'NO_ROWS'],
    ['no bytes', 'empty.csv', '', 'NO_ROWS'],
    ['one column name twice', 'twice.csv', 'a,a\n1,2\n', 'MALFORMED_FILE'],
    ['a Parquet file that is cut short', 'cut.parquet', 'PAR1 and then nothing', 'MALFORMED_FILE'],
    ['an unknown ending', 'table.xyz', 'a,b\n1,2\n', 'UNSUPPORTED_FORMAT'],
    ['a line without an end', 'line.csv', `a,b\n${'x'.repeat(5_000_000)}`, 'MALFORMED_FILE'],
  ];
  it.each(cases)('are refused for %s, and nothing stays', async (_what, name, content, code) => {
    await expect(
      room.import(context, { ...plain, name: 'bad', files: [file(name, content)] }),
    ).rejects.toMatchObject({ code });
    expect(room.list()).toEqual([]);
    expect(blobFiles()).toEqual([]);
  });

  it('are refused when they are not there', async () => {
    const missing = path.join(parts.folder, 'missing.csv');
    await expect(room.import(context, { ...plain, name: 'bad', files: [missing] })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });

  it('are refused when the event time is no time, or is missing in a row', async () => {
    const source = flights();
    await expect(
      room.import(context, { ...plain, name: 'bad', files: [source], eventTime: 'delay' }),
    ).rejects.toMatchObject({ code: 'TYPE_MISMATCH' });
    await expect(
      room.import(context, { ...plain, name: 'bad', files: [source], eventTime: 'dates' }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_COLUMN' });
    const holes = file('holes.csv', 'at,v\n2001-01-01 00:00:00,1\n,2\n');
    await expect(
      room.import(context, { ...plain, name: 'bad', files: [holes], eventTime: 'at' }),
    ).rejects.toThrow('Row 2 of "holes.csv" has no event time ("at")');
  });

  it.each([
    '(SELECT 1)',
    "read_text('/etc/hostname')",
    'sum(delay)',
    'row_number() OVER ()',
    'random()',
    '1) FROM t; DROP TABLE t; --',
  ])('do not come in through the expression %s', async (expression) => {
    await expect(
      room.import(context, {
        ...plain,
        name: 'bad',
        files: [flights()],
        derive: [{ name: 'x', expression }],
      }),
    ).rejects.toMatchObject({ code: 'BAD_EXPRESSION' });
  });
});

describe('encodings', () => {
  it('reads a byte order mark, Latin-1 and types that change late', async () => {
    const marked = await room.import(context, {
      ...plain,
      name: 'marked',
      files: [file('bom.csv', '\uFEFFa,b\n1,x\n')],
    });
    expect(marked.columns.map(({ name }) => name)).toEqual(['a', 'b']);
    await room.import(context, {
      ...plain,
      name: 'latin',
      files: [file('latin.csv', Buffer.from('city,n\nMálaga,1\nKöln,2\nZürich,3\n', 'latin1'))],
    });
    expect((await room.preview({ name: 'latin' })).rows.map((row) => row[0])).toEqual([
      'Málaga',
      'Köln',
      'Zürich',
    ]);
    const mixed = `v\n${'1\n'.repeat(30_000)}text\n`;
    const late = await room.import(context, { ...plain, name: 'mixed', files: [file('mixed.csv', mixed)] });
    expect(late).toMatchObject({ rows: 30_001, columns: [{ name: 'v', type: 'string' }] });
  });
});

describe('exporting, profiling and removing', () => {
  it.each(['csv', 'parquet', 'ndjson', 'tsv', 'arrow', 'arrows'])(
    'writes %s that reads back as the same content',
    async (format) => {
      const before = await room.import(context, { ...plain, name: 'flights', files: [flights()] });
      const target = path.join(parts.folder, `out.${format}`);
      expect(await room.export(context, { name: 'flights', file: target })).toEqual({
        file: target,
        rows: 100,
        version: 1,
        digest: before.digest,
      });
      const after = await room.import(context, { ...plain, name: 'again', files: [target] });
      expect(after.digest).toBe(before.digest);
      expect(readdirSync(parts.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    },
  );

  it.each([
    ['csv', '2001-01-01T00:00:00Z', '2001-01-01T00:00:00.500000Z'],
    ['ndjson', '"2001-01-01T00:00:00Z"', '"2001-01-01T00:00:00.500000Z"'],
  ])(
    'writes times into %s with their zone, and with fractions where there are any',
    async (format, whole, part) => {
      const target = path.join(parts.folder, `out.${format}`);
      for (const [name, text, shown] of [
        ['whole', 'at\n2001-01-01 00:00:00\n', whole],
        ['part', 'at\n2001-01-01 00:00:00.5\n', part],
      ] as const) {
        const before = await room.import(context, { ...plain, name, files: [file(`${name}.csv`, text)] });
        await room.export(context, { name, file: target });
        expect(readFileSync(target, 'utf8')).toContain(shown);
        expect((await room.import(context, { ...plain, name: `${name}2`, files: [target] })).digest).toBe(
          before.digest,
        );
      }
    },
  );

  it('writes nothing where there is no folder, or a folder of that name', async () => {
    await room.import(context, { ...plain, name: 'flights', files: [flights()] });
    for (const [target, code] of [
      [path.join(parts.folder, 'nowhere', 'out.csv'), 'FILE_NOT_FOUND'],
      [parts.folder, 'FILE_UNREADABLE'],
    ] as const) {
      const asked = room.export(context, { name: 'flights', file: target, format: 'csv' });
      await expect(asked).rejects.toMatchObject({ code, hint: expect.stringMatching(/./) });
    }
    expect(parts.audit.list({ action: 'data.export' }).entries).toEqual([]);
  });

  it('profiles every column', async () => {
    await room.import(context, { ...plain, name: 'flights', files: [flights()] });
    const profile = await room.profile({ name: 'flights' });
    expect(profile[1]).toMatchObject({ name: 'delay', rows: 100, nulls: 15, min: -19, max: 79 });
    expect(await room.profile({ name: 'flights' })).toEqual(profile);
  });

  it('loads a stretch of event time', async () => {
    await room.import(context, { ...plain, name: 'flights', files: [flights()], eventTime: 'date' });
    const from = Date.UTC(2001, 0, 1, 0, 10) * 1000;
    const table = await room.load({ name: 'flights', columns: ['origin'], from, to: from + 5 * 60_000_000 });
    expect(table.rows).toBe(10);
    expect(table.columns.map(({ name }) => name)).toEqual(['origin']);
  });

  it('removes all versions with their files, and never gives a number twice', async () => {
    await room.import(context, { ...plain, name: 'flights', files: [flights()] });
    room.remove({ name: 'flights' });
    expect(room.list()).toEqual([]);
    expect(blobFiles()).toEqual([]);
    expect((await room.import(context, { ...plain, name: 'flights', files: [flights()] })).version).toBe(2);
  });

  it('keeps no readable value on disk', async () => {
    const canary = 'CANARY-7f3a91-المفتاح';
    await room.import(context, { ...plain, name: 'secret', files: [file('secret.csv', `v\n${canary}\n`)] });
    const workspace = path.join(parts.folder, 'workspace');
    for (const entry of readdirSync(workspace, { recursive: true, withFileTypes: true })) {
      if (entry.isFile())
        expect(readFileSync(path.join(entry.parentPath, entry.name)).includes('CANARY-7f3a91')).toBe(false);
    }
  });
});
