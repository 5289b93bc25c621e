// One row by its key out of the encrypted store, as the rooms read it, beside plain SQLite through the same library.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { openStore } from '../../src/core/store/index.ts';
import { brief, quantile, reportFigures } from './support/report-figures.ts';

const ROWS = brief ? 20_000 : 200_000;
const READS = brief ? 5_000 : 50_000;
const TABLE = 'CREATE TABLE flight (id INTEGER PRIMARY KEY, origin TEXT, delay REAL) STRICT';
const INSERT = 'INSERT INTO flight VALUES (?, ?, ?)';
const READ = 'SELECT * FROM flight WHERE id = ?';

const folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-point-read-'));

/** Time of each read in microseconds, over keys in no order; the first reads only warm the cache. */
function times(read: (id: number) => unknown): number[] {
  const sample: number[] = [];
  for (let n = -5_000; n < READS; n++) {
    const id = 1 + (((n + 5_000) * 7919) % ROWS);
    const startedMs = performance.now();
    read(id);
    if (n >= 0) sample.push((performance.now() - startedMs) * 1000);
  }
  return sample;
}

try {
  const store = openStore({
    file: path.join(folder, 'store.db'),
    key: randomBytes(32),
    cipher: 'sqlcipher',
    migrations: [{ room: 'bench', steps: [TABLE] }],
  });
  store.transaction(() => {
    for (let id = 1; id <= ROWS; id++) store.statement(INSERT).run(id, `A${id % 200}`, id % 300);
  });
  const encrypted = times((id) => store.statement(READ).get(id));
  store.close();

  const plainDatabase = new Database(path.join(folder, 'plain.db'));
  // As the store has it.
  plainDatabase.pragma('cache_size=-65536');
  plainDatabase.pragma('journal_mode=WAL');
  plainDatabase.exec(TABLE);
  const insert = plainDatabase.prepare(INSERT);
  plainDatabase.exec('BEGIN');
  for (let id = 1; id <= ROWS; id++) insert.run(id, `A${id % 200}`, id % 300);
  plainDatabase.exec('COMMIT');
  const prepared = plainDatabase.prepare(READ);
  const plain = times((id) => prepared.get(id));
  plainDatabase.close();

  reportFigures([
    {
      measure: 'Encrypted point read in process, p50',
      value: quantile(encrypted),
      unit: 'µs',
      atMost: 10,
      note: `plain SQLite ${quantile(plain).toFixed(2)} µs; ${ROWS} rows, pages in cache`,
    },
    { measure: 'Encrypted point read in process, p99', value: quantile(encrypted, 0.99), unit: 'µs' },
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
