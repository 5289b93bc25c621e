import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, PAGE_CIPHERS, type RoomMigrations, type Store } from './index.ts';

const NOTES: RoomMigrations = {
  room: 'notes',
  steps: ['CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;'],
};
const NOTES_LATER: RoomMigrations = {
  room: 'notes',
  steps: [...NOTES.steps, "ALTER TABLE note ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody';"],
};

let folder: string;
let file: string;
const key = randomBytes(32);
const open = (
  options: { key?: Uint8Array; migrations?: readonly RoomMigrations[]; mustExist?: boolean } = {},
): Store => openStore({ file, key, cipher: 'sqlcipher', migrations: [NOTES], ...options });
const insert = (store: Store, text: string) =>
  store.statement('INSERT INTO note (text) VALUES (?)').run(text);
const texts = (store: Store) =>
  store
    .statement<{ text: string }>('SELECT text FROM note ORDER BY id')
    .all()
    .map((row) => row.text);

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-store-'));
  file = path.join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('an encrypted store', () => {
  it.each(PAGE_CIPHERS)('keeps rows and hides them on disk with %s', (cipher) => {
    const store = openStore({ file, key, cipher, migrations: [NOTES] });
    insert(store, 'canary-in-a-coal-mine');
    for (const name of readdirSync(folder))
      expect(readFileSync(path.join(folder, name)).includes('canary')).toBe(false);
    store.close();
    const again = openStore({ file, key, cipher, migrations: [NOTES] });
    expect(texts(again)).toEqual(['canary-in-a-coal-mine']);
    expect(again.sizeBytes()).toBeGreaterThan(4096);
    again.close();
  });

  it('refuses another key and names the file', () => {
    open().close();
    expect(() => open({ key: randomBytes(32) })).toThrow(
      expect.objectContaining({ code: 'STORE_DAMAGED', details: expect.objectContaining({ file }) }),
    );
  });

  it('takes a missing, empty or cut file for damage when it must exist', () => {
    expect(() => open({ mustExist: true })).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }));
    writeFileSync(file, '');
    expect(() => open({ mustExist: true })).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }));
    open().close();
    truncateSync(file, 3000);
    expect(() => open()).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }));
  });

  it('serves nothing from a damaged page', () => {
    const store = open();
    store.transaction(() => {
      for (let i = 0; i < 500; i++) insert(store, `row ${i} ${'x'.repeat(100)}`);
    });
    store.close();
    const bytes = readFileSync(file);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    writeFileSync(file, bytes);
    const damaged = open();
    expect(() => texts(damaged)).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }));
    expect(() => damaged.check()).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }));
    damaged.close();
  });

  it('finds a sound store sound', () => {
    const store = open();
    store.check();
    store.close();
  });
});

describe('transactions', () => {
  it('undo everything when the work throws', () => {
    const store = open();
    const work = () =>
      store.transaction(() => {
        insert(store, 'gone');
        throw new Error('stop');
      });
    expect(work).toThrow('stop');
    expect(store.inTransaction).toBe(false);
    expect(texts(store)).toEqual([]);
    store.close();
  });

  it('nest as savepoints and run only the work of those that stayed', () => {
    const store = open();
    const ran: string[] = [];
    store.transaction(() => {
      insert(store, 'kept');
      store.afterCommit(() => ran.push('outer'));
      try {
        store.transaction(() => {
          insert(store, 'dropped');
          store.afterCommit(() => ran.push('dropped'));
          throw new Error('inner');
        });
      } catch (error) {
        expect((error as Error).message).toBe('inner');
      }
      store.transaction(() => store.afterCommit(() => ran.push('inner')));
      expect(ran).toEqual([]);
    });
    expect(ran).toEqual(['outer', 'inner']);
    expect(texts(store)).toEqual(['kept']);
    store.close();
  });

  it('refuse work that waits', () => {
    const store = open();
    expect(() => store.transaction(async () => insert(store, 'late'))).toThrow('must not wait');
    expect(texts(store)).toEqual([]);
    store.close();
  });
});

describe('migrations', () => {
  it('add what is missing and keep the rows', () => {
    const before = open();
    insert(before, 'old');
    before.close();
    const after = open({ migrations: [NOTES_LATER] });
    expect(after.statement('SELECT text, author FROM note').all()).toEqual([
      { text: 'old', author: 'nobody' },
    ]);
    after.close();
  });

  it('leave the old schema when one of them fails', () => {
    const before = open();
    insert(before, 'old');
    before.close();
    const broken: RoomMigrations = {
      room: 'other',
      steps: ['CREATE TABLE other (id INTEGER);', 'CREATE TABLE nonsense ('],
    };
    expect(() => open({ migrations: [NOTES_LATER, broken] })).toThrow();
    const store = open();
    expect(texts(store)).toEqual(['old']);
    expect(() => store.statement('SELECT * FROM other')).toThrow('no such table');
    expect(() => store.statement('SELECT author FROM note')).toThrow('no such column');
    store.close();
  });

  it('refuse a newer store and leave its bytes alone', () => {
    open({ migrations: [NOTES_LATER] }).close();
    const before = readFileSync(file);
    expect(() => open({ migrations: [NOTES] })).toThrow(expect.objectContaining({ code: 'SCHEMA_TOO_NEW' }));
    expect(() => open({ migrations: [] })).toThrow(expect.objectContaining({ code: 'SCHEMA_TOO_NEW' }));
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(existsSync(file)).toBe(true);
  });
});
