// Measures the page ciphers of the store, each in the same way in one run: `node test/bench/ciphers.ts [rows] [rounds]`.
// Plain SQLite and AES-256-CBC without a MAC are measured for comparison only; the product cannot be told to use them.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { openBlobStore, openStore, storeMigrations } from '../../src/core/store/index.ts';

const ROWS = Number(process.argv[2] ?? 300_000);
const ROUNDS = Number(process.argv[3] ?? 3);
const POINT_READS = 50_000;
const COLD_READS = 5_000;
const COMMITS = 100;
const BLOB_BYTES = 200e6;
const SCHEMES = ['plain', 'sqlcipher', 'chacha20', 'aegis', 'aes256cbc'] as const;
const MEASURES = [
  'ingestMs',
  'scanMs',
  'warmP50Us',
  'warmP99Us',
  'coldP50Us',
  'commitP50Ms',
  'megabytes',
] as const;
type Measures = Record<(typeof MEASURES)[number], number>;

const root = mkdtempSync(path.join(process.env['FALAJ_BENCH_FOLDER'] ?? os.tmpdir(), 'falaj-ciphers-'));
const key = randomBytes(32);

function quantile(values: number[], fraction: number): number {
  return [...values].sort((a, b) => a - b)[
    Math.min(values.length - 1, Math.floor(values.length * fraction))
  ]!;
}

function timed(work: () => void): number {
  const startedMs = performance.now();
  work();
  return performance.now() - startedMs;
}

function open(file: string, scheme: (typeof SCHEMES)[number], cacheKibibytes: number): Database {
  const database = new Database(file);
  if (scheme !== 'plain') {
    database.pragma(`cipher='${scheme}'`);
    database.key(Buffer.from(`raw:${key.toString('hex')}`));
  }
  for (const pragma of [
    'temp_store=MEMORY',
    'journal_mode=WAL',
    'synchronous=FULL',
    'secure_delete=ON',
    `cache_size=${-cacheKibibytes}`,
  ]) {
    database.pragma(pragma);
  }
  return database;
}

function measure(scheme: (typeof SCHEMES)[number], round: number): Measures {
  const file = path.join(root, `${scheme}-${round}.db`);
  const ids = Array.from({ length: POINT_READS }, (_, index) => 1 + ((index * 7919) % ROWS));
  const writer = open(file, scheme, 65_536);
  writer.exec(
    'CREATE TABLE flight (id INTEGER PRIMARY KEY, origin TEXT, destination TEXT, at INTEGER, delay REAL, distance REAL) STRICT',
  );
  const insert = writer.prepare('INSERT INTO flight VALUES (?, ?, ?, ?, ?, ?)');
  const ingestMs = timed(() => {
    writer.exec('BEGIN');
    for (let i = 1; i <= ROWS; i++)
      insert.run(i, `A${i % 200}`, `B${i % 173}`, 1e15 + i * 1e6, (i % 300) - 20.5, i % 2500);
    writer.exec('COMMIT');
    writer.pragma('wal_checkpoint(TRUNCATE)');
  });
  const commits = Array.from({ length: COMMITS }, (_, index) =>
    timed(() => insert.run(ROWS + 1 + index, 'A', 'B', 0, 0, 0)),
  );
  writer.close();

  const reader = open(file, scheme, 262_144);
  const scan = reader.prepare('SELECT sum(delay), sum(distance), max(origin) FROM flight');
  const scanMs = timed(() => scan.get());
  const byId = reader.prepare('SELECT * FROM flight WHERE id = ?');
  for (const id of ids.slice(0, 5000)) byId.get(id);
  const warm = ids.map((id) => timed(() => byId.get(id)) * 1000);
  reader.close();

  // With room for a few pages only, nearly every read takes its page from the file and through the cipher.
  const cold = open(file, scheme, 64);
  const coldById = cold.prepare('SELECT * FROM flight WHERE id = ?');
  const coldUs = ids.slice(0, COLD_READS).map((id) => timed(() => coldById.get(id)) * 1000);
  cold.close();
  return {
    ingestMs,
    scanMs,
    warmP50Us: quantile(warm, 0.5),
    warmP99Us: quantile(warm, 0.99),
    coldP50Us: quantile(coldUs, 0.5),
    commitP50Ms: quantile(commits, 0.5),
    megabytes: statSync(file).size / 1e6,
  };
}

/** The store as the rooms use it: statement cache, error translation and all. */
function storePointReadUs(): { p50: number; p99: number } {
  const store = openStore({
    file: path.join(root, 'store.db'),
    key,
    cipher: 'sqlcipher',
    migrations: [
      {
        room: 'bench',
        steps: ['CREATE TABLE flight (id INTEGER PRIMARY KEY, origin TEXT, delay REAL) STRICT'],
      },
    ],
  });
  store.transaction(() => {
    for (let i = 1; i <= ROWS; i++)
      store.statement('INSERT INTO flight VALUES (?, ?, ?)').run(i, `A${i % 200}`, i % 300);
  });
  const sql = 'SELECT * FROM flight WHERE id = ?';
  const read = (index: number) => timed(() => store.statement(sql).get(1 + ((index * 7919) % ROWS))) * 1000;
  for (let i = 0; i < 5000; i++) read(i);
  const times = Array.from({ length: POINT_READS }, (_, index) => read(index));
  store.close();
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

async function blobThroughput(): Promise<{ writeMBs: number; readMBs: number }> {
  const store = openStore({
    file: path.join(root, 'blobs.db'),
    key,
    cipher: 'sqlcipher',
    migrations: [storeMigrations],
  });
  const blobs = openBlobStore({ folder: path.join(root, 'blobs'), store, deriveKey: () => Buffer.from(key) });
  const content = randomBytes(BLOB_BYTES);
  const rates: { writeMBs: number; readMBs: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    content[0] = round;
    let startedMs = performance.now();
    const staged = await blobs.write(content);
    const writeMBs = BLOB_BYTES / 1e3 / (performance.now() - startedMs);
    store.transaction(() => blobs.adopt(staged, 'bench'));
    startedMs = performance.now();
    await blobs.readAll(staged.id);
    rates.push({ writeMBs, readMBs: BLOB_BYTES / 1e3 / (performance.now() - startedMs) });
  }
  store.close();
  return {
    writeMBs: quantile(
      rates.map((rate) => rate.writeMBs),
      0.5,
    ),
    readMBs: quantile(
      rates.map((rate) => rate.readMBs),
      0.5,
    ),
  };
}

try {
  const results = new Map<string, Measures[]>(SCHEMES.map((scheme) => [scheme, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const scheme of SCHEMES) results.get(scheme)!.push(measure(scheme, round));
  const versions = new Database(':memory:')
    .prepare('SELECT sqlite_version() AS sqlite, sqlite3mc_version() AS ciphers')
    .get() as {
    sqlite: string;
    ciphers: string;
  };
  console.log(
    `${os.cpus()[0]?.model} × ${os.cpus().length}, ${os.platform()} ${os.arch()}, Node ${process.version}, SQLite ${versions.sqlite}, ${versions.ciphers}`,
  );
  console.log(`${ROWS} rows, median of ${ROUNDS} rounds, folder ${path.dirname(root)}\n`);
  console.log(`| scheme | ${MEASURES.join(' | ')} |\n|---|${MEASURES.map(() => '---').join('|')}|`);
  for (const [scheme, rounds] of results) {
    const cells = MEASURES.map((name) =>
      quantile(
        rounds.map((each) => each[name]),
        0.5,
      ),
    );
    console.log(`| ${scheme} | ${cells.map((value) => value.toFixed(value < 100 ? 2 : 0)).join(' | ')} |`);
  }
  const point = storePointReadUs();
  console.log(
    `\nStore.statement().get(), sqlcipher: p50 ${point.p50.toFixed(2)} µs, p99 ${point.p99.toFixed(2)} µs`,
  );
  const blob = await blobThroughput();
  console.log(
    `Blobs of ${BLOB_BYTES / 1e6} MB: write ${blob.writeMBs.toFixed(0)} MB/s, read ${blob.readMBs.toFixed(0)} MB/s`,
  );
} finally {
  rmSync(root, { recursive: true, force: true });
}
