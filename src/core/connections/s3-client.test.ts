import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { type ObjectStore, openObjectStore } from '../../../test/fixtures/object-store.ts';
import { FalajError } from '../../shared/errors.ts';
import { DataRoom, dataMigrations } from '../data/index.ts';
import { ConnectionRoom, connectionsMigrations } from './index.ts';

const KEYS = { accessKey: 'AKIATEST', secretKey: 'secret/of+the test 47' };
const plain = { mode: 'replace' as const, keys: [], labels: [], purposes: [], every: 1, derive: [] };
const context = { signal: new AbortController().signal, progress: () => undefined, log: () => undefined };
const CSV = 'at,shop,amount,paid\n2026-01-01T08:00:00Z,دبي,1.5,true\n2026-01-02,"a, ""b""",,false\n';

let store: ObjectStore;
let parts: EngineParts;
let data: DataRoom;
let room: ConnectionRoom;

const add = (change: Record<string, string> = {}, secret = KEYS) =>
  room.add({
    name: 'lake',
    target: { kind: 's3', endpoint: store.endpoint, bucket: 'lake', region: 'us-east-1', ...change },
    secret,
  });

beforeEach(async () => {
  store = await openObjectStore({ bucket: 'lake', ...KEYS });
  parts = await openParts([dataMigrations, connectionsMigrations]);
  data = new DataRoom(parts);
  room = new ConnectionRoom({ ...parts, data });
});
afterEach(async () => {
  await store.close();
  parts.close();
});

const load = (objects: string[], options = {}) =>
  room.import(context, { ...plain, name: 'out', from: 'lake', objects, ...options });
const refusal = (work: Promise<unknown>): Promise<FalajError> =>
  work.then(
    () => {
      throw new Error('It was not refused.');
    },
    (error: unknown) => {
      expect(error).toBeInstanceOf(FalajError);
      return error as FalajError;
    },
  );

/** The same rows as files of each format. */
async function files(rows = 70_000): Promise<Record<string, Buffer>> {
  const source = path.join(parts.folder, 'source.csv');
  const lines = Array.from(
    { length: rows },
    (_, row) =>
      `${row},${row % 3 === 0 ? '' : row / 7},${row % 2 === 0},2026-01-01 00:00:00.${String(row).padStart(6, '0')},2026-01-0${1 + (row % 9)},نص ${row % 100}`,
  );
  writeFileSync(source, `id,value,flag,at,day,text\n${lines.join('\n')}\n`);
  await data.import(context, { ...plain, name: 'source', files: [source] });
  const out: Record<string, Buffer> = { 'a/source.csv': readFileSync(source) };
  for (const format of ['parquet', 'arrow', 'arrows', 'ndjson']) {
    const file = path.join(parts.folder, `out.${format}`);
    await data.export(context, { name: 'source', file });
    out[`a/source.${format}`] = readFileSync(file);
  }
  return out;
}

describe('a connection to an object store', () => {
  it('imports each format to the same content as the file itself', async () => {
    add();
    for (const [key, content] of Object.entries(await files())) store.objects.set(key, content);
    const { digest } = data.get({ name: 'source' });
    for (const key of store.objects.keys()) {
      const dataset = await load([key], { name: key.replace('/', '-') });
      expect(dataset, key).toMatchObject({ digest, rows: 70_000 });
      expect(dataset.source).toBe(path.basename(key));
    }
  }, 120_000);

  it('reads several objects one after the other, with derived columns and each n-th row', async () => {
    add();
    store.objects.set('1.csv', Buffer.from('a,b\n1,x\n2,y\n'));
    store.objects.set('2 &+ü.csv', Buffer.from('a,b\n3,z\n'));
    await load(['1.csv', '2 &+ü.csv'], { every: 2, derive: [{ name: 'twice', expression: 'a * 2' }] });
    expect((await data.preview({ name: 'out' })).rows).toEqual([
      [1, 'x', 2],
      [3, 'z', 6],
    ]);
    store.objects.set('other.csv', Buffer.from('a,c\n3,z\n'));
    expect(await refusal(load(['1.csv', 'other.csv']))).toMatchObject({ code: 'TYPE_MISMATCH' });
  });

  it('appends each object once, its texts staying texts', async () => {
    add();
    store.objects.set('1.csv', Buffer.from('a,b\n1,x\n'));
    store.objects.set('2.csv', Buffer.from('a,b\n2,007\n'));
    await load(['1.csv']);
    expect(await load(['1.csv', '2.csv'], { mode: 'append' })).toMatchObject({ rows: 2, addedRows: 1 });
    expect(await load(['2.csv'], { mode: 'append' })).toMatchObject({ rows: 2, alreadyImported: true });
    expect((await data.preview({ name: 'out' })).rows).toEqual([
      [1, 'x'],
      [2, '007'],
    ]);
  });

  it('reads quotes, Arabic, empty fields, times and truth out of CSV', async () => {
    add();
    store.objects.set('sales.csv', Buffer.from(CSV));
    const { columns } = await load(['sales.csv']);
    expect(columns.map(({ type }) => type)).toEqual(['timestamp', 'string', 'float64', 'bool']);
    expect((await data.preview({ name: 'out' })).rows).toEqual([
      ['2026-01-01T08:00:00Z', 'دبي', 1.5, true],
      ['2026-01-02T00:00:00Z', 'a, "b"', null, false],
    ]);
  });

  it('judges types from all rows where the first ones mislead', async () => {
    add();
    store.objects.set('late.csv', Buffer.from(`a\n${'1\n'.repeat(20_000)}text\n`));
    expect((await load(['late.csv'])).columns).toEqual([{ name: 'a', type: 'string' }]);
  });

  it('fetches ranges of bounded size, and tries again what fails in passing', async () => {
    add();
    const line = 'a'.repeat(99);
    store.objects.set('long.csv', Buffer.from(`text\n${`${line}\n`.repeat(250_000)}`));
    store.fail(2);
    expect((await load(['long.csv'])).rows).toBe(250_000);
    expect(store.largestAnswer()).toBeLessThanOrEqual(8 * 1024 * 1024);
  }, 60_000);

  it('keeps nothing of an object that is replaced while it is read', async () => {
    add();
    store.objects.set('sales.csv', Buffer.from(CSV));
    store.onRange = (key) => store.objects.set(key, Buffer.from(`${CSV}2026-01-03,x,1,true\n`));
    expect((await refusal(load(['sales.csv']))).code).toBe('FILE_CHANGED_WHILE_READING');
    expect(data.list()).toEqual([]);
  });

  it.each([
    ['ragged.csv', 'a,b\n1,2\n3\n', 'MALFORMED_FILE'],
    ['broken.ndjson', '{"a":1}\n[1]\n', 'MALFORMED_FILE'],
    ['cut.parquet', 'PAR1 and nothing of worth', 'MALFORMED_FILE'],
    ['cut.arrow', 'ARROW1 and nothing of worth', 'MALFORMED_FILE'],
    ['empty.csv', '', 'NO_ROWS'],
    ['header.csv', 'a,b\n', 'NO_ROWS'],
    ['nameless', 'a\n1\n', 'UNSUPPORTED_FORMAT'],
  ])('refuses %s in words for a person', async (key, content, code) => {
    add();
    store.objects.set(key, Buffer.from(content));
    expect((await refusal(load([key]))).code).toBe(code);
    expect(data.list()).toEqual([]);
    expect(parts.blobs.usage().blobs).toBe(0);
  });

  it('says what is wrong with the keys, the bucket and the names', async () => {
    store.objects.set('sales.csv', Buffer.from(CSV));
    add({}, { ...KEYS, secretKey: 'another' });
    const refused = await refusal(room.check(context, { name: 'lake' }));
    expect(refused.code).toBe('CREDENTIALS_REFUSED');
    room.remove({ name: 'lake' });
    add({ bucket: 'pond' });
    expect((await refusal(room.check(context, { name: 'lake' }))).message).toContain('no bucket "pond"');
    room.remove({ name: 'lake' });
    add();
    expect((await room.check(context, { name: 'lake' })).readable).toEqual(['sales.csv']);
    expect((await refusal(load(['sale.csv']))).hint).toBe('Did you mean "sales.csv"?');
    expect((await refusal(load([]))).hint).toContain('--object');
    await store.close();
    expect((await refusal(load(['sales.csv']))).code).toBe('UNREACHABLE');
    expect(parts.audit.list({ limit: 1 }).entries).toMatchObject([
      { action: 'connection.use', details: { kind: 's3', host: new URL(store.endpoint).host } },
    ]);
  });

  it('stops when it is cancelled', async () => {
    add();
    store.objects.set('sales.csv', Buffer.from(CSV));
    const cancel = new AbortController();
    store.onRange = () => cancel.abort();
    await expect(
      room.import(
        { ...context, signal: cancel.signal },
        { ...plain, name: 'out', from: 'lake', objects: ['sales.csv'] },
      ),
    ).rejects.toThrow();
    expect(data.list()).toEqual([]);
  });

  it('trusts an authority of one’s own only when it is named', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-tls-'));
    const file = (name: string): string => path.join(folder, name);
    const made = spawnSync('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-keyout',
      file('key'),
      '-out',
      file('cert'),
    ]);
    expect(made.status).toBe(0);
    const cert = readFileSync(file('cert'), 'utf8');
    await store.close();
    store = await openObjectStore({
      bucket: 'lake',
      ...KEYS,
      tls: { key: readFileSync(file('key'), 'utf8'), cert },
    });
    rmSync(folder, { recursive: true });
    store.objects.set('sales.csv', Buffer.from(CSV));
    add();
    expect(await refusal(load(['sales.csv']))).toMatchObject({
      code: 'UNREACHABLE',
      hint: expect.stringContaining('--ca'),
    });
    room.remove({ name: 'lake' });
    add({ certificates: cert });
    expect((await load(['sales.csv'])).rows).toBe(2);
  });
});
