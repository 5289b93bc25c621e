import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionRoom, connectionsMigrations } from '../../../src/core/connections/index.ts';
import { DataRoom, dataMigrations } from '../../../src/core/data/index.ts';
import { FalajError } from '../../../src/shared/errors.ts';
import { type EngineParts, openParts } from '../../fixtures/engine-parts.ts';
import { type PostgresServer, postgresFolder, startPostgres } from './server.ts';

const bin = postgresFolder();
if (bin === null) {
  process.stderr.write(
    '\nSKIPPED: imports from PostgreSQL were not tested (no /usr/lib/postgresql/*/bin/initdb)\n\n',
  );
}

const PASSWORD = 'reader 0815 of the test';
const TABLES = `
CREATE ROLE reader LOGIN PASSWORD '${PASSWORD}';
CREATE TABLE sales (id bigint, shop text, amount numeric(12,2), share double precision, small smallint, paid boolean,
  day date, at timestamptz, local timestamp, tags text[], ref uuid);
INSERT INTO sales VALUES
  (9007199254740993, 'دبي', 12.34, 0.1, -5, true, '2026-01-02', '2026-01-02 08:00:00.123456+04', '2026-01-02 08:00:00', '{a,b}', '00000000-0000-0000-0000-00000000002a'),
  (2, NULL, NULL, 'NaN', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE many AS SELECT i AS id, 'row ' || i AS name FROM generate_series(1, 150000) i;
CREATE SCHEMA own; CREATE TABLE own.costs (a int); INSERT INTO own.costs VALUES (1);
CREATE TABLE hidden (a int);
CREATE TABLE endless_dates (a timestamp); INSERT INTO endless_dates VALUES ('infinity');
CREATE TABLE bytes (a bytea);
GRANT SELECT ON sales, many, endless_dates, bytes TO reader; GRANT USAGE ON SCHEMA own TO reader; GRANT SELECT ON own.costs TO reader;
`;

describe.skipIf(bin === null)('a connection to PostgreSQL', () => {
  let server: PostgresServer;
  let parts: EngineParts;
  let room: ConnectionRoom;
  let data: DataRoom;
  const logged: string[] = [];
  const context = (signal = new AbortController().signal) => ({
    signal,
    progress: () => undefined,
    log: (_level: string, text: string) => void logged.push(text),
  });
  const plain = { mode: 'replace' as const, keys: [], labels: [], purposes: [], every: 1, derive: [] };
  const target = (change = {}) => ({
    kind: 'postgresql' as const,
    host: server.socket,
    port: server.port,
    database: 'shop',
    user: 'reader',
    tls: 'verify' as const,
    ...change,
  });
  const refusal = async (work: Promise<unknown>): Promise<FalajError> => {
    const error = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(FalajError);
    return error as FalajError;
  };
  const add = (name: string, change = {}, password = PASSWORD) =>
    room.add({ name, target: target(change), secret: { password } });

  beforeAll(async () => {
    server = await startPostgres(bin!);
    server.run(TABLES);
  }, 120_000);
  afterAll(() => server.stop());
  beforeEach(async () => {
    logged.length = 0;
    parts = await openParts([dataMigrations, connectionsMigrations]);
    data = new DataRoom(parts);
    room = new ConnectionRoom({ ...parts, data });
  });
  afterEach(() => parts.close());

  it('imports a table with its types, nulls and exact values', async () => {
    add('shop');
    const dataset = await room.import(context(), {
      ...plain,
      name: 'sales',
      from: 'shop',
      table: 'sales',
      eventTime: undefined,
    });
    expect(dataset.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id int64',
      'shop string',
      'amount float64',
      'share float64',
      'small int64',
      'paid bool',
      'day date',
      'at timestamp',
      'local timestamp',
      'tags string',
      'ref string',
    ]);
    expect(dataset.source).toBe('shop: sales');
    expect((await data.preview({ name: 'sales' })).rows).toEqual([
      [
        '9007199254740993',
        'دبي',
        12.34,
        0.1,
        -5,
        true,
        '2026-01-02',
        '2026-01-02T04:00:00.123456Z',
        '2026-01-02T08:00:00Z',
        '{a,b}',
        '00000000-0000-0000-0000-00000000002a',
      ],
      ['2', null, null, null, null, null, null, null, null, null, null],
    ]);
    expect(logged.join('\n')).toMatch(
      /"amount": numeric was read as float64[\s\S]*"tags": its type has no counterpart/,
    );
  });

  it('imports a query over many batches, with derived columns and each n-th row', async () => {
    add('shop');
    const dataset = await room.import(context(), {
      ...plain,
      name: 'many',
      from: 'shop',
      query: 'SELECT * FROM many ORDER BY id;',
      every: 2,
      derive: [{ name: 'twice', expression: 'id * 2' }],
    });
    expect(dataset.rows).toBe(75_000);
    expect((await data.preview({ name: 'many', offset: 74_999 })).rows).toEqual([
      [149_999, 'row 149999', 299_998],
    ]);
    expect(
      (await room.import(context(), { ...plain, name: 'own', from: 'shop', table: 'own.costs' })).rows,
    ).toBe(1);
    expect(
      (await room.import(context(), { ...plain, name: 'public', from: 'shop', table: 'public.sales' })).rows,
    ).toBe(2);
  });

  it('lists what the user may read, and suggests the nearest name', async () => {
    add('shop');
    const check = await room.check(context(), { name: 'shop' });
    expect(check.readable).toEqual(['bytes', 'endless_dates', 'many', 'own.costs', 'sales']);
    const unknown = await refusal(
      room.import(context(), { ...plain, name: 'x', from: 'shop', table: 'sale' }),
    );
    expect([unknown.code, unknown.hint]).toEqual(['NOT_FOUND', 'Did you mean "sales"?']);
  });

  it('verifies the certificate, and encrypts unless switched off', async () => {
    const certificates = readFileSync(server.certificate, 'utf8');
    add('trusted', { host: 'localhost', certificates });
    expect((await room.check(context(), { name: 'trusted' })).readable).toContain('sales');
    add('stranger', { host: 'localhost' });
    expect(await refusal(room.check(context(), { name: 'stranger' }))).toMatchObject({
      code: 'UNREACHABLE',
      hint: expect.stringContaining('--ca'),
    });
    add('other-name', { host: '127.0.0.1', certificates });
    expect(await refusal(room.check(context(), { name: 'other-name' }))).toMatchObject({
      code: 'UNREACHABLE',
      hint: expect.stringContaining('--ca'),
    });
    add('open', { host: '127.0.0.1', tls: 'off' });
    expect((await room.check(context(), { name: 'open' })).readable).toContain('sales');
  });

  it('says what is wrong with the way there', async () => {
    add('wrong', {}, 'not the password');
    add('nobody', { user: 'nobody' });
    add('nowhere', { port: 1 });
    add('absent', { database: 'absent' });
    for (const [name, code] of [
      ['wrong', 'CREDENTIALS_REFUSED'],
      ['nobody', 'CREDENTIALS_REFUSED'],
      ['nowhere', 'UNREACHABLE'],
      ['absent', 'NOT_FOUND'],
    ] as const) {
      const error = await refusal(room.check(context(), { name }));
      expect(error.code, name).toBe(code);
      expect(`${error.message} ${error.hint} ${JSON.stringify(error.details)}`).not.toContain(PASSWORD);
    }
  });

  it.each([
    ['CREATE TABLE harm (a int)', /BAD_INPUT|FORBIDDEN/],
    ['INSERT INTO sales (id) VALUES (1) RETURNING id', /FORBIDDEN/],
    ['SELECT 1; DROP TABLE sales', /BAD_INPUT/],
    ["SELECT pg_read_file('/etc/hostname')", /FORBIDDEN/],
    ['SELECT * FROM hidden', /FORBIDDEN/],
    ['SELECT nothing FROM sales', /NOT_FOUND/],
    ['SELEC', /BAD_INPUT/],
    ['SELECT 1 / (id - 2) FROM sales', /BAD_INPUT/],
    ['SELECT a FROM endless_dates', /TYPE_MISMATCH/],
    ['SELECT a FROM bytes', /TYPE_MISMATCH/],
    ['SELECT * FROM sales WHERE false', /NO_ROWS/],
  ])('refuses %s, and keeps nothing', async (query, code) => {
    add('shop');
    const error = await refusal(room.import(context(), { ...plain, name: 'x', from: 'shop', query }));
    expect(error.code).toMatch(code);
    expect(data.list()).toEqual([]);
    expect(parts.blobs.usage().blobs).toBe(0);
  });

  it('stops when it is cancelled, in the middle of rows and before the first', async () => {
    add('shop');
    for (const query of [
      'SELECT i, md5(i::text) FROM generate_series(1, 100000000) i',
      'SELECT pg_sleep(60), 1 AS a',
    ]) {
      const cancel = new AbortController();
      const work = refusal(
        room.import(context(cancel.signal), { ...plain, name: 'x', from: 'shop', query }),
      ).catch(() => null);
      await sleep(1_500);
      const at = performance.now();
      cancel.abort();
      await work;
      expect(performance.now() - at).toBeLessThan(5_000);
    }
    expect(data.list()).toEqual([]);
  });

  it('is recorded with its host before it is used, and nothing shows the password', async () => {
    add('shop');
    await room.import(context(), { ...plain, name: 'sales', from: 'shop', table: 'sales' });
    const { entries } = parts.audit.list({ limit: 100 });
    const actions = entries.map(({ action }) => action).reverse();
    expect(actions).toEqual(['connection.add', 'connection.use', 'data.import']);
    expect(JSON.stringify(entries)).toContain(server.socket);
    const shown = JSON.stringify([
      room.list(),
      entries,
      data.list(),
      logged,
      parts.store.statement<object>('SELECT name, target, hex(sealed_secret) FROM connection').all(),
    ]);
    expect(shown).not.toContain(PASSWORD);
    expect(shown).not.toContain(Buffer.from(PASSWORD).toString('hex').toUpperCase());
    expect(room.list()).toMatchObject([{ name: 'shop', kind: 'postgresql', hasSecret: true }]);
  });
});
