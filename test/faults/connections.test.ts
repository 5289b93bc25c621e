import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEngineFile } from '../../src/main/connect/engine-file.ts';
import { filesBelow, Product } from './engine-support/product.ts';

const SECRET = 'canary of a password 47';
const ARROW = 'application/vnd.apache.arrow.stream';

let product: Product;
beforeAll(async () => {
  product = new Product();
  product.environment['SHOP_PASSWORD'] = SECRET;
  await product.succeed(['init', '--name', 'Connections', '--quiet']);
  const database = new Database(path.join(product.root, 'shop.db'));
  database.exec(
    "CREATE TABLE sales (shop TEXT, amount INTEGER); INSERT INTO sales VALUES ('Dubai', 10), ('Ajman', 20)",
  );
  database.close();
}, 60_000);
afterAll(() => product.close());

describe('connections on the command line', () => {
  it('are added, checked, imported from and removed', async () => {
    await product.succeed(['connections', 'add', 'app', '--kind', 'sqlite', '--path', 'shop.db']);
    const check = JSON.parse(await product.succeed(['connections', 'check', 'app', '--json']));
    expect(check).toMatchObject({ name: 'app', readable: ['sales'] });
    const query = 'SELECT shop, amount FROM sales WHERE amount > 10';
    const dataset = JSON.parse(
      await product.succeed([
        'data',
        'import',
        '--from',
        'app',
        '--query',
        query,
        '--name',
        'sales',
        '--json',
      ]),
    );
    expect(dataset).toMatchObject({ name: 'sales', rows: 1, source: 'app: query' });
    await product.succeed(['connections', 'rm', 'app']);
    expect(JSON.parse(await product.succeed(['connections', 'ls', '--json']))).toEqual([]);
  }, 60_000);

  it('keep a password that no file shows, nor anything printed', async () => {
    const kept = [
      '--kind',
      'postgresql',
      '--url',
      'postgresql://reader@127.0.0.1:1/shop',
      '--password-env',
      'SHOP_PASSWORD',
    ];
    const printed = [await product.run(['connections', 'add', 'far', ...kept, '--json', '--debug'])];
    expect(printed[0]!.code).toBe(0);
    writeFileSync(path.join(product.root, 'secret.txt'), `${SECRET}\n`);
    const fromFile = [
      '--kind',
      'postgresql',
      '--host',
      '127.0.0.1',
      '--port',
      '1',
      '--database',
      'd',
      '--user',
      'u',
      '--password-file',
      'secret.txt',
    ];
    printed.push(await product.run(['connections', 'add', 'near', ...fromFile]));
    for (const name of ['far', 'near'])
      printed.push(await product.run(['connections', 'check', name, '--json', '--debug']));
    printed.push(
      await product.run(['connections', 'ls', '--json']),
      await product.run(['audit', 'log', '--json']),
      await product.run(['jobs', 'ls', '--json']),
    );
    expect(printed.map(({ code }) => code)).toEqual([0, 0, 1, 1, 0, 0, 0]);
    expect(JSON.parse(printed[2]!.err.split('\n')[0]!)).toMatchObject({ error: { code: 'UNREACHABLE' } });
    expect(JSON.stringify(printed)).not.toContain(SECRET);
    const files = filesBelow(product.root).filter((file) => !file.endsWith('secret.txt'));
    expect(files.filter((file) => readFileSync(file).includes(SECRET))).toEqual([]);
  }, 60_000);

  it.each([
    [
      [
        'connections',
        'add',
        'x',
        '--kind',
        'postgresql',
        '--url',
        `postgresql://u:${encodeURIComponent(SECRET)}@h/d`,
      ],
      2,
      /--password-env/,
    ],
    [['connections', 'add', 'x', '--kind', 'postgresql', '--host', 'h'], 2, /--database is missing/],
    [['connections', 'add', 'x', '--kind', 'oracle'], 2, /postgresql, duckdb, sqlite, s3/],
    [
      [
        'connections',
        'add',
        'x',
        '--kind',
        's3',
        '--endpoint',
        'https://h',
        '--bucket',
        'b',
        '--access-key-env',
        'NO',
        '--secret-key-env',
        'NO',
      ],
      2,
      /NO is not set/,
    ],
    [['data', 'import', '--from', 'absent', '--table', 't', '--name', 'n'], 5, /no connection "absent"/],
    [['data', 'import', 'a.csv', '--from', 'app', '--name', 'n'], 2, /not both/],
    [['data', 'import', 'a.csv', '--table', 't', '--name', 'n'], 2, /--from/],
    [['data', 'import', '--name', 'n'], 2, /Say what to read/],
  ])('refuse %j', async (given, code, words) => {
    const ended = await product.run(given);
    expect([ended.code, ended.err]).toEqual([code, expect.stringMatching(words)]);
    expect(ended.err).not.toContain(SECRET);
  });
});

describe('rows as Arrow', () => {
  it('are served by the engine’s socket to whoever holds its token', async () => {
    writeFileSync(path.join(product.root, 'rows.csv'), 'a,b\n1,x\n2,y\n');
    const connection = await product.openEngine();
    await product.succeed(['data', 'import', 'rows.csv', '--name', 'rows', '--quiet']);
    const { socketPath, token } = readEngineFile(product.workspace)!;
    const ask = (
      authorization: string,
    ): Promise<{ status: number; type: string | undefined; bytes: Buffer }> =>
      new Promise((resolve, reject) => {
        const headers = { accept: ARROW, authorization };
        http
          .get({ socketPath, path: '/api/data/rows/rows?columns=b', headers }, async (answer) => {
            const parts: Buffer[] = [];
            for await (const part of answer) parts.push(part as Buffer);
            resolve({
              status: answer.statusCode!,
              type: answer.headers['content-type'],
              bytes: Buffer.concat(parts),
            });
          })
          .on('error', reject);
      });
    const answer = await ask(`Bearer ${token}`);
    expect([answer.status, answer.type]).toEqual([200, ARROW]);
    expect(answer.bytes.includes('xy')).toBe(true);
    expect((await ask('Bearer wrong')).status).toBe(401);
    await connection.close();
  }, 60_000);
});
