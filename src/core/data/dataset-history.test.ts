import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import type { DatasetDefinition } from '../../shared/definitions/datasets.ts';
import { datasetDefinition } from '../../shared/definitions/datasets.ts';
import { DataRoom, type ImportRequest } from './data-room.ts';
import { dataMigrations } from './migrations.ts';
import { SegmentWriter } from './segment/writer.ts';

let parts: EngineParts;
let room: DataRoom;
let logged: string[];
let definition: DatasetDefinition | null;

beforeEach(async () => {
  parts = await openParts([dataMigrations]);
  definition = null;
  logged = [];
  room = new DataRoom({ ...parts, definition: () => definition });
});
afterEach(() => parts.close());

const context = {
  signal: new AbortController().signal,
  progress: () => undefined,
  log: (_level: string, text: string) => void logged.push(text),
};

const file = (name: string, ...lines: string[]): string => {
  const target = path.join(parts.folder, name);
  writeFileSync(target, `${lines.join('\n')}\n`);
  return target;
};

const HEAD = 'at,stop,riders,note';
const MONDAY = [
  '2026-01-05 08:00:00,A,10,early',
  '2026-01-05 08:00:00,B,20,',
  '2026-01-05 09:00:00,A,11,late',
];
const TUESDAY = ['2026-01-06 08:00:00,A,12,new', '2026-01-06 08:00:00,C,7,early'];

const bring = (files: string[], more: Partial<ImportRequest> = {}) =>
  room.import(context, {
    name: 'trips',
    files,
    labels: [],
    purposes: [],
    every: 1,
    derive: [],
    eventTime: 'at',
    ...more,
  });

const current = async (): Promise<unknown[][]> => (await room.preview({ name: 'trips' })).rows;

const blobFiles = (): number => {
  const folder = path.join(parts.folder, 'workspace', 'blobs');
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length
    : 0;
};

describe('appending', () => {
  it('adds a part, copies nothing, and gives the digest of one import of all rows', async () => {
    const first = await bring([file('monday.csv', HEAD, ...MONDAY)], {
      mode: 'append',
      labels: ['internal'],
    });
    expect(first).toMatchObject({ version: 1, mode: 'append', addedRows: 3, alreadyImported: false });
    const second = await bring([file('tuesday.csv', HEAD, ...TUESDAY)], {
      mode: 'append',
      labels: ['public'],
    });
    expect(second).toMatchObject({
      version: 2,
      rows: 5,
      addedRows: 2,
      labels: ['internal', 'public'],
      parts: [
        { rows: 3, source: 'monday.csv' },
        { rows: 2, source: 'tuesday.csv' },
      ],
    });
    expect(blobFiles()).toBe(2);
    const whole = await bring([file('all.csv', HEAD, ...MONDAY, ...TUESDAY)], { name: 'whole' });
    expect(second.digest).toBe(whole.digest);
    expect(await current()).toEqual((await room.preview({ name: 'whole' })).rows);
    expect((await room.preview({ name: 'trips', offset: 2, limit: 2 })).rows).toEqual(
      (await current()).slice(2, 4),
    );
  });

  it('takes columns in any order, digits as text, whole numbers as floats and empty columns', async () => {
    await bring([file('first.csv', 'at,code,share,note', '2026-01-05,A07,0.5,x')], { mode: 'append' });
    const { digest } = await bring([file('second.csv', 'note,share,code,at', ',1,007,2026-01-06')], {
      mode: 'append',
    });
    expect(await current()).toEqual([
      ['2026-01-05', 'A07', 0.5, 'x'],
      ['2026-01-06', '007', 1, null],
    ]);
    const again = await bring([file('back.csv', 'at,code,share,note', '2026-01-06,007,1,')], {
      mode: 'append',
    });
    expect(again).toMatchObject({ version: 2, digest, alreadyImported: true });
  });

  it('does not import again what is there, and says so', async () => {
    const monday = file('monday.csv', HEAD, ...MONDAY);
    await bring([monday], { mode: 'append' });
    const same = await bring([file('copy.csv', HEAD, ...MONDAY)], { mode: 'append' });
    expect(same).toMatchObject({ version: 1, alreadyImported: true });
    expect(logged).toEqual(['"copy.csv" is not imported again: its rows are already in version 1.']);
    const next = await bring([monday, file('tuesday.csv', HEAD, ...TUESDAY)], { mode: 'append' });
    expect(next).toMatchObject({ version: 2, addedRows: 2, rows: 5 });
    expect(parts.audit.list({ action: 'data.import' }).entries).toHaveLength(2);
    expect(blobFiles()).toBe(2);
  });

  it.each([
    [
      'a column too few',
      'at,stop,riders',
      '2026-01-07,A,1',
      'UNKNOWN_COLUMN',
      '"other.csv" has no column "note"',
    ],
    [
      'a column too many',
      `${HEAD},x`,
      '2026-01-07 00:00:00,A,1,n,2',
      'UNKNOWN_COLUMN',
      '"other.csv" has a column "x"',
    ],
    [
      'another type',
      HEAD,
      '2026-01-07 00:00:00,A,many,n',
      'TYPE_MISMATCH',
      'Column "riders" of "other.csv" is string',
    ],
    [
      'fractions among whole numbers',
      HEAD,
      '2026-01-07 00:00:00,A,1.5,n',
      'TYPE_MISMATCH',
      'is float64; in dataset',
    ],
  ])('refuses a file with %s and changes nothing', async (_what, head, line, code, message) => {
    await bring([file('monday.csv', HEAD, ...MONDAY)]);
    const refused = bring([file('other.csv', head, line)], { mode: 'append' });
    await expect(refused).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      details: { file: 'other.csv' },
    });
    expect(room.list()).toMatchObject([{ version: 1, rows: 3 }]);
    expect(blobFiles()).toBe(1);
  });

  it('refuses another event time and other keys than those of the dataset', async () => {
    await bring([file('monday.csv', HEAD, ...MONDAY)], { keys: ['stop'] });
    const more = file('tuesday.csv', HEAD, ...TUESDAY);
    await expect(bring([more], { mode: 'append', eventTime: 'note' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    await expect(bring([more], { mode: 'upsert', keys: ['note'] })).rejects.toThrow(
      'The keys of the dataset are stop',
    );
  });

  it('refuses a file that is replaced while it is read, and changes nothing', async () => {
    await bring([file('monday.csv', HEAD, ...MONDAY)]);
    const lines = Array.from({ length: 400_000 }, (_, row) => `2026-01-07 00:00:00,A,${row},n`);
    const big = file('big.csv', HEAD, lines.join('\n'));
    const other = file('other.csv', HEAD, ...TUESDAY);
    let replaced = false;
    const refused = room.import(
      {
        ...context,
        progress: () => {
          if (!replaced) renameSync(other, big);
          replaced = true;
        },
      },
      { name: 'trips', files: [big], mode: 'append', labels: [], purposes: [], every: 1, derive: [] },
    );
    await expect(refused).rejects.toMatchObject({
      code: 'FILE_CHANGED_WHILE_READING',
      message: expect.stringContaining('big.csv'),
    });
    expect(room.list()).toMatchObject([{ version: 1, rows: 3 }]);
    expect(blobFiles()).toBe(1);
  });

  it('lets imports into one dataset wait for each other', async () => {
    const files = [1, 2, 3].map((day) => file(`day${day}.csv`, HEAD, `2026-01-0${day} 00:00:00,A,${day},n`));
    await Promise.all(files.map((one) => bring([one], { mode: 'append' })));
    expect(room.get({ name: 'trips' })).toMatchObject({ version: 3, rows: 3 });
    expect((await current()).map((row) => row[2])).toEqual([1, 2, 3]);
  });

  it('puts many small parts together, with the same rows, digest and import times', async () => {
    const files = Array.from({ length: 17 }, (_, day) =>
      file(`day${day}.csv`, HEAD, `2026-01-${String(day + 1).padStart(2, '0')} 00:00:00,A,${day},n${day}`),
    );
    const before = await bring(files.slice(0, 16), { mode: 'append' });
    expect(before.parts).toHaveLength(16);
    const after = await bring([files[16]!], { mode: 'append' });
    expect(after.parts).toMatchObject([{ rows: 17, supersededRows: 0 }]);
    const whole = await bring(files, { name: 'whole' });
    expect(after.digest).toBe(whole.digest);
    expect(room.versions({ name: 'trips' })[1]!.parts).toHaveLength(16);
    expect((await room.load({ name: 'trips', version: 1 })).rows).toBe(16);
    const { importedAt } = await room.load({ name: 'trips', columns: [], withImportTime: true });
    const [first, second] = [before, after].map((version) => Date.parse(version.importedAt) * 1000);
    expect([...importedAt!]).toEqual([...Array.from({ length: 16 }, () => first), second]);
    expect(await bring([files[3]!], { mode: 'append' })).toMatchObject({ version: 2, alreadyImported: true });
  });

  it('refuses to add to a dataset that is removed meanwhile', async () => {
    await bring([file('monday.csv', HEAD, ...MONDAY)]);
    const more = file('tuesday.csv', HEAD, ...TUESDAY);
    const removing = {
      ...context,
      progress: () => void (room.list().length > 0 && room.remove({ name: 'trips' })),
    };
    const input = { name: 'trips', files: [more], mode: 'append' as const, labels: [], purposes: [] };
    await expect(room.import(removing, { ...input, every: 1, derive: [] })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(room.list()).toEqual([]);
    expect(blobFiles()).toBe(0);
  });

  it('keeps shared parts until the last version is removed', async () => {
    await bring([file('monday.csv', HEAD, ...MONDAY)]);
    await bring([file('tuesday.csv', HEAD, ...TUESDAY)], { mode: 'append' });
    room.remove({ name: 'trips' });
    expect(blobFiles()).toBe(0);
    expect(parts.store.statement('SELECT * FROM data_part').all()).toEqual([]);
    expect((await bring([file('monday.csv', HEAD, ...MONDAY)], { mode: 'append' })).version).toBe(3);
  });
});

describe('upserting', () => {
  const CORRECTED = ['2026-01-05 08:00:00,B,21,counted again', '2026-01-06 08:00:00,A,12,new'];

  it('corrects rows of the same key and time, and forgets nothing', async () => {
    await bring([file('monday.csv', HEAD, ...MONDAY)], { mode: 'upsert', keys: ['stop'] });
    const second = await bring([file('corrected.csv', HEAD, ...CORRECTED)], { mode: 'upsert' });
    expect(second).toMatchObject({
      version: 2,
      rows: 4,
      keys: ['stop'],
      parts: [
        { rows: 3, supersededRows: 1 },
        { rows: 2, supersededRows: 0 },
      ],
    });
    expect((await current()).map((row) => row.slice(1, 3))).toEqual([
      ['A', 10],
      ['A', 11],
      ['B', 21],
      ['A', 12],
    ]);
    const whole = await bring([file('all.csv', HEAD, MONDAY[0]!, MONDAY[2]!, ...CORRECTED)], {
      name: 'whole',
    });
    expect(second.digest).toBe(whole.digest);
    expect((await room.profile({ name: 'trips' }))[2]).toEqual((await room.profile({ name: 'whole' }))[2]);
    const asItWas = await room.load({ name: 'trips', version: 1, columns: ['riders'] });
    expect([...asItWas.columns[0]!.values]).toEqual([10, 20, 11]);
    const before = { name: 'trips', version: 1 };
    expect((await room.preview({ ...before, limit: 2, offset: 1 })).rows.map((row) => row[2])).toEqual([
      20, 11,
    ]);
    const out = path.join(parts.folder, 'before.csv');
    expect(await room.export(context, { ...before, file: out })).toMatchObject({ rows: 3, version: 1 });
    const [first] = room.versions({ name: 'trips' }).reverse();
    expect((await bring([out], { name: 'before' })).digest).toBe(first!.digest);
    let arrowBytes = 0;
    for await (const block of await room.arrowStream({ ...before, columns: ['riders'], limit: 1 }))
      arrowBytes += block.byteLength;
    expect(arrowBytes).toBeGreaterThan(0);
    await expect(room.preview({ name: 'trips', version: 3 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no version 3 of dataset "trips".',
    });
    const history = await room.load({
      name: 'trips',
      columns: ['riders'],
      withSuperseded: true,
      withImportTime: true,
    });
    expect([...history.columns[0]!.values]).toEqual([10, 20, 11, 21, 12]);
    expect(new Set(history.importedAt).size).toBe(2);
    const target = path.join(parts.folder, 'out.csv');
    expect(await room.export(context, { name: 'trips', file: target })).toMatchObject({ rows: 4 });
    expect((await bring([target], { name: 'back' })).digest).toBe(second.digest);
    const { entries } = parts.audit.list({ action: 'data.import' });
    const entry = entries.find(({ object }) => object === 'data/trips');
    expect(entry).toMatchObject({ details: { mode: 'upsert', added: 2, corrected: 1 } });
  });

  it('reads a stretch of time without the rows that were corrected', async () => {
    await bring([file('monday.csv', HEAD, ...MONDAY)], { mode: 'upsert', keys: ['stop'] });
    await bring([file('corrected.csv', HEAD, ...CORRECTED)], { mode: 'upsert' });
    const from = Date.UTC(2026, 0, 5, 8) * 1000;
    const table = await room.load({ name: 'trips', columns: ['riders'], from, to: from + 3_600_000_000 });
    expect([...table.columns[0]!.values]).toEqual([10, 21]);
  });

  it('needs keys, an event time, and both in every row', async () => {
    const monday = file('monday.csv', HEAD, ...MONDAY);
    await expect(bring([monday], { mode: 'upsert' })).rejects.toThrow('needs to know its keys');
    await expect(bring([monday], { mode: 'upsert', keys: ['stop'], eventTime: undefined })).rejects.toThrow(
      'needs an event time',
    );
    await expect(bring([monday], { mode: 'upsert', keys: ['stop', 'note'] })).rejects.toMatchObject({
      code: 'MALFORMED_FILE',
      details: { file: 'monday.csv', column: 'note', row: 2 },
    });
    await expect(bring([monday], { mode: 'upsert', keys: ['stops'] })).rejects.toMatchObject({
      code: 'UNKNOWN_COLUMN',
    });
    expect(room.list()).toEqual([]);
    expect(blobFiles()).toBe(0);
  });

  it('keeps corrections when parts are put together', async () => {
    await bring([file('monday.csv', HEAD, ...MONDAY)], { mode: 'upsert', keys: ['stop'] });
    const files = Array.from({ length: 16 }, (_, round) =>
      file(`round${round}.csv`, HEAD, `2026-01-05 08:00:00,A,${100 + round},n`),
    );
    const after = await bring(files, { mode: 'upsert' });
    expect(after).toMatchObject({ rows: 3, parts: [{ rows: 19, supersededRows: 16 }] });
    expect((await current()).map((row) => row[2])).toEqual([20, 11, 115]);
    const history = await room.load({ name: 'trips', columns: [], withSuperseded: true });
    expect(history.rows).toBe(19);
  });
});

describe('a workspace of before datasets had parts', () => {
  it('keeps its datasets: each version is one part', async () => {
    const [first, ...later] = dataMigrations.steps;
    const steps = [first!];
    const before = await openParts([{ room: 'data', steps }]);
    const writer = new SegmentWriter([{ name: 'v', type: 'int64' }]);
    const groups = (async function* () {
      yield { rows: 2, columns: [{ values: Float64Array.of(7, 9), validity: null, fresh: [] }] };
    })();
    const staged = await before.blobs.write(writer.bytes(groups));
    const { digest, directoryOffset, directoryBytes } = writer.summary;
    before.store.transaction(() => {
      before.blobs.adopt(staged, 'data/old/1');
      before.store.statement(`INSERT INTO data_name VALUES ('old', 1)`).run();
      before.store
        .statement(
          `INSERT INTO data_version VALUES ('old', 1, 2, '[{"name":"v","type":"int64"}]', NULL, NULL, '[]', '[]', 'old.csv',
             ?, ?, ?, ?, 10, 1700000000000, NULL)`,
        )
        .run(digest, staged.id, directoryOffset, directoryBytes);
    });
    steps.push(...later);
    const after = before.reopen();
    const old = new DataRoom(after);
    expect(old.get({ name: 'old' })).toMatchObject({
      rows: 2,
      mode: 'replace',
      addedRows: 2,
      keys: [],
      parts: [{ rows: 2, digest, source: 'old.csv', importedAt: '2023-11-14T22:13:20.000Z' }],
    });
    expect((await old.preview({ name: 'old' })).rows).toEqual([[7], [9]]);
    const more = path.join(after.folder, 'more.csv');
    writeFileSync(more, 'v\n11\n');
    const input = { name: 'old', files: [more], mode: 'append' as const, labels: [], purposes: [] };
    expect(await old.import(context, { ...input, every: 1, derive: [] })).toMatchObject({
      version: 2,
      rows: 3,
    });
    old.remove({ name: 'old' });
    expect(after.blobs.usage().blobs).toBe(0);
    after.close();
  });
});

describe('statistics over time', () => {
  it('come from every version, oldest first', async () => {
    await bring([file('monday.csv', HEAD, ...MONDAY)]);
    await bring([file('tuesday.csv', HEAD, ...TUESDAY)], { mode: 'append' });
    expect(await room.profiles({ name: 'trips', column: 'riders' })).toMatchObject([
      { version: 1, rows: 3, nulls: 0, min: 10, max: 20 },
      { version: 2, rows: 5, nulls: 0, min: 7, max: 20, mean: 12 },
    ]);
    await expect(room.profiles({ name: 'trips', column: 'rider' })).rejects.toMatchObject({
      code: 'UNKNOWN_COLUMN',
    });
  });
});

describe('a defined dataset', () => {
  const define = (more: object): void => {
    definition = datasetDefinition.parse({ kind: 'Dataset', name: 'trips', ...more });
  };

  it('takes what an import does not say from its definition', async () => {
    define({ eventTime: 'at', keys: ['stop'], labels: ['internal'], purposes: ['planning'] });
    const first = await bring([file('monday.csv', HEAD, ...MONDAY)], {
      mode: 'upsert',
      eventTime: undefined,
    });
    expect(first).toMatchObject({
      eventTime: 'at',
      keys: ['stop'],
      labels: ['internal'],
      purposes: ['planning'],
    });
  });

  it('refuses rows that it does not expect, lists them and keeps nothing', async () => {
    define({
      expectations: [
        { column: 'riders', range: [0, 15] },
        { column: 'note', notNull: true },
        { column: 'stop', in: ['A', 'B'] },
      ],
    });
    await expect(bring([file('monday.csv', HEAD, ...MONDAY)])).rejects.toMatchObject({
      code: 'EXPECTATION_FAILED',
      exitCode: 3,
      message: expect.stringContaining(
        'riders from 0 to 15 (1 of 3 rows fail); note not empty (1 of 3 rows fail)',
      ),
      details: {
        expectations: ['riders from 0 to 15 (1 of 3 rows fail)', 'note not empty (1 of 3 rows fail)'],
        rows: ['row 2 (riders = 20)', 'row 2 (note = null)'],
      },
    });
    expect(room.list()).toEqual([]);
    expect(blobFiles()).toBe(0);
  });

  it('lets as many rows fail as the definition allows', async () => {
    define({ expectations: [{ column: 'note', notNull: true, maxShare: 0.34 }] });
    expect(await bring([file('monday.csv', HEAD, ...MONDAY)])).toMatchObject({ version: 1 });
    const worse = file('worse.csv', HEAD, ...TUESDAY, '2026-01-07 08:00:00,A,1,', '2026-01-07 09:00:00,A,2,');
    await expect(bring([worse], { mode: 'append' })).rejects.toThrow(
      'note not empty (but for 34 %) (2 of 4 rows fail)',
    );
  });

  it('looks for repeated values among the current rows of all parts', async () => {
    define({ expectations: [{ columns: ['at', 'stop'], unique: true }] });
    await bring([file('monday.csv', HEAD, ...MONDAY)]);
    const again = file('again.csv', HEAD, ...TUESDAY, '2026-01-05 08:00:00,B,21,again');
    await expect(bring([again], { mode: 'append' })).rejects.toMatchObject({
      code: 'EXPECTATION_FAILED',
      details: { rows: ['row 3 (at = "2026-01-05T08:00:00Z", stop = "B")'] },
    });
    expect(await bring([again], { mode: 'upsert', keys: ['stop'] })).toMatchObject({ version: 2, rows: 5 });
  });

  it('holds the newest event time against the clock', async () => {
    define({ expectations: [{ freshness: '1h' }] });
    await expect(bring([file('old.csv', HEAD, '2025-12-31 22:00:00,A,1,n')])).rejects.toThrow(
      'newest event time at most 1h old (it is 2025-12-31T22:00:00Z)',
    );
    expect(await bring([file('new.csv', HEAD, '2025-12-31 23:30:00,A,1,n')])).toMatchObject({ version: 1 });
  });

  it('names an expectation of a column that the file does not have', async () => {
    define({ expectations: [{ column: 'rider', notNull: true }] });
    await expect(bring([file('monday.csv', HEAD, ...MONDAY)])).rejects.toMatchObject({
      code: 'UNKNOWN_COLUMN',
      message: 'Expectation 1 of dataset "trips": there is no column "rider".',
      hint: 'Did you mean "riders"?',
    });
  });
});
