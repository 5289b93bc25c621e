import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import duckdb from '@duckdb/node-bindings';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { FalajError } from '../../shared/errors.ts';
import { DataRoom, dataMigrations } from '../data/index.ts';
import { ConnectionRoom, connectionsMigrations } from './index.ts';

const plain = { mode: 'replace' as const, keys: [], labels: [], purposes: [], every: 1, derive: [] };
const notes: string[] = [];
const context = {
  signal: new AbortController().signal,
  progress: () => undefined,
  log: (_level: string, text: string) => void notes.push(text),
};

let parts: EngineParts;
let data: DataRoom;
let room: ConnectionRoom;

beforeEach(async () => {
  notes.length = 0;
  parts = await openParts([dataMigrations, connectionsMigrations]);
  data = new DataRoom(parts);
  room = new ConnectionRoom({ ...parts, data });
});
afterEach(() => parts.close());

const file = (name: string): string => path.join(parts.folder, name);

async function refusal(work: () => unknown): Promise<FalajError> {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(FalajError);
    return error as FalajError;
  }
  throw new Error('It was not refused.');
}

/** Imports over a connection of that name and gives the rows, the columns in front. */
async function rows(from: string, selected: { table?: string; query?: string }): Promise<unknown[][]> {
  await room.import(context, { ...plain, name: 'out', from, ...selected });
  const preview = await data.preview({ name: 'out' });
  return [preview.columns.map(({ name, type }) => `${name} ${type}`), ...preview.rows];
}

function sqlite(name: string, sql: string): string {
  const database = new Database(file(name));
  database.exec(sql);
  database.close();
  return file(name);
}

async function duck(name: string, sql: string): Promise<string> {
  const database = await duckdb.open(file(name));
  const connection = await duckdb.connect(database);
  await duckdb.query(connection, sql);
  duckdb.disconnect_sync(connection);
  duckdb.close_sync(database);
  return file(name);
}

const SALES = `
CREATE TABLE sales (id INTEGER, shop TEXT, amount REAL, paid BOOLEAN, day DATE, at DATETIME, anything);
INSERT INTO sales VALUES (9007199254740993, 'دبي', 10, 1, '2026-01-02', '2026-01-02 08:00:00.5', 'x'), (2, NULL, 2.5, 0, NULL, '2026-01-03T00:00:00+04:00', 5);
CREATE VIEW paid AS SELECT id FROM sales WHERE paid;
CREATE TABLE late AS WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n UNION ALL SELECT 'text';
CREATE TABLE bytes (a BLOB); INSERT INTO bytes VALUES (x'00');
`;

describe('a connection to a SQLite file', () => {
  beforeEach(() => {
    room.add({ name: 'shop', target: { kind: 'sqlite', path: sqlite('shop.db', SALES) } });
  });

  it('imports tables, views and queries, with types from declarations and values', async () => {
    expect(await rows('shop', { table: 'sales' })).toEqual([
      [
        'id int64',
        'shop string',
        'amount float64',
        'paid bool',
        'day date',
        'at timestamp',
        'anything string',
      ],
      ['9007199254740993', 'دبي', 10, true, '2026-01-02', '2026-01-02T08:00:00.500Z', 'x'],
      ['2', null, 2.5, false, null, '2026-01-02T20:00:00Z', '5'],
    ]);
    expect(await rows('shop', { table: 'paid' })).toEqual([['id int64'], ['9007199254740993']]);
    expect(await rows('shop', { query: 'SELECT count(*) AS n FROM late -- all' })).toEqual([
      ['n int64'],
      [20_001],
    ]);
    expect((await room.check(context, { name: 'shop' })).readable).toEqual([
      'bytes',
      'late',
      'paid',
      'sales',
    ]);
  });

  it('shows columns and first rows of a selection, keeps nothing, and records that it was used', async () => {
    expect(await room.peek({ from: 'shop', query: 'SELECT id, at, amount FROM sales' })).toEqual({
      columns: [
        { name: 'id', type: 'int64' },
        { name: 'at', type: 'timestamp' },
        { name: 'amount', type: 'float64' },
      ],
      rows: [
        ['9007199254740993', '2026-01-02T08:00:00.500Z', 10],
        ['2', '2026-01-02T20:00:00Z', 2.5],
      ],
    });
    expect((await room.peek({ from: 'shop', table: 'paid' })).rows).toEqual([['9007199254740993']]);
    expect((await refusal(() => room.peek({ from: 'shop', table: 'sale' }))).code).toBe('NOT_FOUND');
    expect(data.list()).toEqual([]);
    const uses = parts.store.statement<{ n: number }>(
      "SELECT count(*) AS n FROM audit_entry WHERE action = 'connection.use'",
    );
    expect(uses.get()!.n).toBe(3);
  });

  it('sees what another program has just written, and leaves the file as it is', async () => {
    const other = new Database(file('shop.db'));
    other.pragma('journal_mode = WAL');
    other.exec('INSERT INTO sales (id) VALUES (7)');
    expect((await rows('shop', { table: 'sales' })).length).toBe(4);
    other.close();
    expect(readdirSync(parts.folder).filter((name) => name.startsWith('shop.db'))).toEqual(['shop.db']);
  });

  it.each([
    [{ table: 'sale' }, 'NOT_FOUND', /Did you mean "sales"/],
    [{ query: 'DELETE FROM sales' }, 'BAD_INPUT', /SELECT/],
    [{ query: 'DELETE FROM sales RETURNING id' }, 'BAD_INPUT', /SELECT/],
    [{ query: 'SELECT 1; DELETE FROM sales' }, 'BAD_INPUT', /SELECT/],
    [{ query: "ATTACH 'other.db' AS other" }, 'BAD_INPUT', /SELECT/],
    [{ query: 'SELECT nothing FROM sales' }, 'BAD_INPUT', /SELECT/],
    [{ table: 'late' }, 'TYPE_MISMATCH', /CAST\("i" AS TEXT\)/],
    [{ table: 'bytes' }, 'TYPE_MISMATCH', /hex/],
    [{}, 'BAD_INPUT', /--table/],
    [{ table: 'sales', query: 'SELECT 1' }, 'BAD_INPUT', /not both/],
  ])('refuses %j with %s, and keeps nothing', async (selected, code, hint) => {
    const error = await refusal(() => rows('shop', selected));
    expect([error.code, error.hint]).toEqual([code, expect.stringMatching(hint)]);
    expect(data.list()).toEqual([]);
    expect(parts.blobs.usage().blobs).toBe(0);
  });

  it('refuses what is no database, or not there', async () => {
    writeFileSync(file('text.db'), 'not a database at all, but long enough to be looked at. '.repeat(100));
    room.add({ name: 'text', target: { kind: 'sqlite', path: file('text.db') } });
    room.add({ name: 'gone', target: { kind: 'sqlite', path: file('gone.db') } });
    expect((await refusal(() => rows('text', { table: 'a' }))).code).toBe('MALFORMED_FILE');
    expect((await refusal(() => rows('gone', { table: 'a' }))).code).toBe('FILE_NOT_FOUND');
  });
});

describe('a connection to a DuckDB file', () => {
  const TABLES = `
    CREATE TABLE sales AS SELECT 9007199254740993 AS id, 'دبي' AS shop, 1.25::DECIMAL(12,2) AS amount, TIMESTAMPTZ '2026-01-02 08:00:00+04' AS at, [1, 2] AS list;
    CREATE SCHEMA own; CREATE TABLE own.costs AS SELECT range AS a FROM range(100000);
    CREATE VIEW outside AS SELECT 1 AS a;`;

  it('imports tables and queries, and says which types had no counterpart', async () => {
    room.add({ name: 'shop', target: { kind: 'duckdb', path: await duck('shop.duckdb', TABLES) } });
    expect(await rows('shop', { table: 'sales' })).toEqual([
      ['id int64', 'shop string', 'amount float64', 'at timestamp', 'list string'],
      ['9007199254740993', 'دبي', 1.25, '2026-01-02T04:00:00Z', '[1, 2]'],
    ]);
    expect(notes.join()).toContain('"amount": decimal numbers were read as float64');
    expect(await rows('shop', { table: 'own.costs' })).toHaveLength(101);
    expect(await rows('shop', { query: 'SELECT sum(a) AS s FROM own.costs -- all' })).toEqual([
      ['s int64'],
      [4_999_950_000],
    ]);
    expect((await room.check(context, { name: 'shop' })).readable).toEqual(['costs', 'outside', 'sales']);
  });

  it.each([
    [{ table: 'sale' }, 'NOT_FOUND'],
    [{ query: "SELECT * FROM read_text('/etc/hostname')" }, 'FORBIDDEN'],
    [{ query: "COPY sales TO '/tmp/falaj-leak.csv'" }, 'BAD_INPUT'],
    [{ query: 'DROP TABLE sales' }, 'BAD_INPUT'],
    [{ query: 'SELECT 1) AS a; DROP TABLE sales; SELECT * FROM (SELECT 1' }, 'BAD_INPUT'],
    [{ query: 'SELECT nothing FROM sales' }, 'BAD_INPUT'],
    [{ query: 'SELECT CAST(shop AS INTEGER) AS a FROM sales' }, 'TYPE_MISMATCH'],
  ])('refuses %j with %s, and keeps nothing', async (selected, code) => {
    room.add({ name: 'shop', target: { kind: 'duckdb', path: await duck('shop.duckdb', TABLES) } });
    const error = await refusal(() => rows('shop', selected));
    expect(error).toMatchObject({ code });
    expect(data.list()).toEqual([]);
  });

  it('refuses what is no database', async () => {
    copyFileSync(sqlite('shop.db', SALES), file('shop.duckdb'));
    room.add({ name: 'shop', target: { kind: 'duckdb', path: file('shop.duckdb') } });
    expect((await refusal(() => rows('shop', { table: 'a' }))).code).toBe('MALFORMED_FILE');
  });
});

describe('the connections', () => {
  const target = {
    kind: 'postgresql' as const,
    host: 'db.example',
    port: 5432,
    database: 'shop',
    user: 'reader',
    tls: 'verify' as const,
  };

  it('are kept over a restart, their secrets sealed and never shown', async () => {
    room.add({ name: 'shop', target, secret: { password: 'open sesame 47' } });
    parts = parts.reopen();
    room = new ConnectionRoom({ ...parts, data });
    expect(room.list()).toEqual([
      {
        name: 'shop',
        kind: 'postgresql',
        target: 'reader@db.example:5432/shop',
        hasSecret: true,
        createdAt: expect.any(String),
      },
    ]);
    const shown = JSON.stringify([room.list(), parts.audit.list({ limit: 10 })]);
    expect(shown).not.toContain('sesame');
    const kept = parts.store
      .statement<{ sealed_secret: Buffer }>('SELECT sealed_secret FROM connection')
      .get();
    expect(Buffer.from(kept!.sealed_secret).includes('sesame')).toBe(false);
    // Sealed for this connection alone: under another name it does not open.
    expect(() => parts.vault.openSecret(kept!.sealed_secret, 'connection/other')).toThrow();
  });

  it('have one name each, and are gone when removed', async () => {
    room.add({ name: 'shop', target });
    expect((await refusal(() => room.add({ name: 'shop', target }))).code).toBe('ALREADY_EXISTS');
    expect((await refusal(() => room.remove({ name: 'shopp' }))).hint).toBe('Did you mean "shop"?');
    room.remove({ name: 'shop' });
    expect(room.list()).toEqual([]);
    expect(parts.audit.list({ limit: 10 }).entries.map(({ action }) => action)).toEqual([
      'connection.remove',
      'connection.add',
    ]);
  });

  it('take only the secret that their kind needs', async () => {
    const keys = { accessKey: 'a', secretKey: 'b' };
    const s3 = { kind: 's3' as const, endpoint: 'https://s3.example', bucket: 'b', region: 'us-east-1' };
    for (const [misfit, secret] of [
      [target, keys],
      [s3, undefined],
      [s3, { password: 'a' }],
      [{ kind: 'sqlite' as const, path: '/a.db' }, { password: 'a' }],
    ] as const)
      expect((await refusal(() => room.add({ name: 'x', target: misfit, secret }))).code).toBe('BAD_INPUT');
  });
});
