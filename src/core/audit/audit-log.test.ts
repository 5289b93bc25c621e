import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditKeys } from '../../../test/fixtures/audit-keys.ts';
import { auditContract } from '../../shared/contract/audit.ts';
import { leafHash, verifyCheckpoint, verifyInclusion } from '../../trust/merkle-log/index.ts';
import { openStore, type RoomMigrations, type Store } from '../store/index.ts';
import { AuditLog, auditMigrations } from './index.ts';

const THINGS: RoomMigrations = {
  room: 'things',
  steps: ['CREATE TABLE thing (name TEXT PRIMARY KEY) STRICT;'],
};
let folder: string;
let store: Store;
let log: AuditLog;
let nowMs: number;
let told: string[];
const openLog = () =>
  new AuditLog({
    store,
    vault: auditKeys,
    actor: 'noor',
    clock: () => nowMs,
    notify: (room) => told.push(room),
  });
const act = (name: string) =>
  store.transaction(() => {
    store.statement('INSERT INTO thing (name) VALUES (?)').run(name);
    log.append({ action: 'thing.add', object: `thing/${name}`, details: { length: name.length } });
  });
const tamper = (sql: string, ...parameters: unknown[]) => store.statement(sql).run(...parameters);

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-audit-'));
  store = openStore({
    file: path.join(folder, 'store.db'),
    key: Buffer.alloc(32, 1),
    cipher: 'sqlcipher',
    migrations: [THINGS, auditMigrations],
  });
  nowMs = Date.parse('2026-05-01T08:00:00Z');
  told = [];
  log = openLog();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the audit log', () => {
  it('records an action with its place, time, actor and details', () => {
    act('one');
    act('two');
    const { entries, head } = log.list();
    expect(entries.map((entry) => entry.object)).toEqual(['thing/two', 'thing/one']);
    expect(entries[1]).toMatchObject({
      sequence: 0,
      at: '2026-05-01T08:00:00.000Z',
      actor: 'noor',
      result: 'done',
      details: { length: 3 },
    });
    expect(head).toMatchObject({ size: 2, checkpoint: null });
    expect(log.verify()).toMatchObject({
      intact: true,
      size: 2,
      root: head.root,
      firstDamaged: null,
      checkpointsKept: 0,
    });
  });

  it('answers as the contract says', () => {
    act('one');
    const output = (name: keyof typeof auditContract) =>
      auditContract[name]['~orpc'].outputSchema as { parse?(value: unknown): unknown };
    expect(() => output('list').parse?.(log.list())).not.toThrow();
    expect(() => output('verify').parse?.(log.verify())).not.toThrow();
    expect(() => output('proof').parse?.(log.proof({ sequence: 0 }))).not.toThrow();
  });

  it('goes with its action: neither stays without the other', () => {
    expect(() => log.append({ action: 'thing.add', object: 'thing/x' })).toThrow(
      'in the transaction that does it',
    );
    act('one');
    expect(() => act('one')).toThrow('UNIQUE');
    expect(log.head().size).toBe(1);
    expect(told).toEqual(['audit']);
    // An entry already stands in the next place: nothing can be recorded, so nothing may be done.
    tamper("INSERT INTO audit_entry (sequence, action, hashes, leaf) VALUES (1, 'x', x'', '{}')");
    expect(() => act('two')).toThrow();
    expect(store.statement('SELECT name FROM thing').all()).toEqual([{ name: 'one' }]);
  });

  it('goes on after a restart and a savepoint that was undone', () => {
    act('one');
    log = openLog();
    store.transaction(() => {
      expect(() =>
        store.transaction(() => {
          log.append({ action: 'thing.add', object: 'thing/undone' });
          throw new Error('undone');
        }),
      ).toThrow('undone');
      log.append({ action: 'thing.add', object: 'thing/kept', result: 'refused' });
    });
    expect(log.list().entries.map((entry) => [entry.object, entry.result])).toEqual([
      ['thing/kept', 'refused'],
      ['thing/one', 'done'],
    ]);
    expect(log.verify().intact).toBe(true);
  });

  it('pages, and filters by room, by action and by text', () => {
    for (let i = 0; i < 10; i++) act(`name ${i}`);
    store.transaction(() =>
      log.append({ action: 'other.look', object: 'Ümlaut', details: { note: 'Needle' } }),
    );
    expect(log.list({ limit: 3 }).entries.map((entry) => entry.sequence)).toEqual([10, 9, 8]);
    expect(log.list({ limit: 3, before: 8 }).entries.map((entry) => entry.sequence)).toEqual([7, 6, 5]);
    expect(log.list({ action: 'thing' }).entries).toHaveLength(10);
    expect(log.list({ action: 'thing.add' }).entries).toHaveLength(10);
    expect(log.list({ action: 'thin' }).entries).toHaveLength(0);
    expect(log.list({ text: 'nEEdle' }).entries.map((entry) => entry.sequence)).toEqual([10]);
    expect(log.list({ text: '%' }).entries).toHaveLength(0);
  });

  it('records that the clock went back, and keeps its order', () => {
    act('one');
    nowMs -= 2 * 86_400_000;
    act('two');
    expect(log.list().entries.map((entry) => entry.action)).toEqual([
      'thing.add',
      'clock.stepped-back',
      'thing.add',
    ]);
    expect(log.list().entries[1]!.details).toEqual({
      from: '2026-05-01T08:00:00.000Z',
      to: '2026-04-29T08:00:00.000Z',
    });
    expect(log.verify().intact).toBe(true);
  });

  it('takes any text and number, and refuses a record that is too long', () => {
    store.transaction(() =>
      log.append({
        action: 'thing.odd',
        object: 'lone \ud800 surrogate',
        details: { a: Number.NaN, b: '\udfff' },
      }),
    );
    expect(log.list().entries[0]!.details).toMatchObject({ a: 'NaN' });
    const long = () =>
      store.transaction(() => log.append({ action: 'thing.long', object: 'x'.repeat(70_000) }));
    expect(long).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
    expect(log.verify()).toMatchObject({ intact: true, size: 1 });
  });

  it('gives proofs that hold offline with the checkpoint alone', () => {
    for (let i = 0; i < 21; i++) act(`name ${i}`);
    for (const sequence of [0, 7, 20]) {
      const { leaf, entry, proof, head } = log.proof({ sequence });
      const checkpoint = verifyCheckpoint(head.checkpoint!, log.verifierKey())!;
      expect(checkpoint).toMatchObject({ size: 21, origin: `falaj.local/${'f'.repeat(32)}` });
      const hash = leafHash(Buffer.from(leaf));
      expect(entry.leafHash).toBe(hash.toString('hex'));
      const claim = { index: sequence, size: checkpoint.size, leafHash: hash, root: checkpoint.root };
      expect(verifyInclusion({ ...claim, proof: proof.map((text) => Buffer.from(text, 'hex')) })).toBe(true);
    }
    expect(() => log.proof({ sequence: 21 })).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});

describe('a damaged log', () => {
  beforeEach(() => {
    for (let i = 0; i < 20; i++) act(`name ${i}`);
  });
  const expectDamage = (firstDamaged: number, reason: RegExp) => {
    expect(log.verify()).toMatchObject({
      intact: false,
      firstDamaged,
      reason: expect.stringMatching(reason),
    });
  };

  it('is located where an entry was filed under another action to be overlooked', () => {
    tamper("UPDATE audit_entry SET action = 'other.look' WHERE sequence = 7");
    expectDamage(7, /Entry 7 is filed under an action that is not its own/);
  });

  it('is located where an entry was changed, and that entry is not shown', () => {
    tamper("UPDATE audit_entry SET leaf = replace(leaf, 'noor', 'mallory') WHERE sequence = 7");
    expectDamage(7, /Entry 7 was changed/);
    expect(() => log.list()).toThrow(
      expect.objectContaining({ code: 'AUDIT_DAMAGED', details: { sequence: 7 } }),
    );
    expect(log.list({ before: 7 }).entries).toHaveLength(7);
  });

  it('is located where an entry was removed, cut off, added or exchanged', () => {
    const rows = store
      .statement<{ leaf: string; hashes: Buffer }>('SELECT leaf, hashes FROM audit_entry ORDER BY sequence')
      .all();
    const put = (sequence: number, leaf = rows[sequence]!.leaf, hashes = rows[sequence]!.hashes) =>
      tamper(
        "INSERT OR REPLACE INTO audit_entry (sequence, action, hashes, leaf) VALUES (?, 'thing.add', ?, ?)",
        sequence,
        hashes,
        leaf,
      );
    tamper('DELETE FROM audit_entry WHERE sequence = 4');
    expectDamage(4, /Entry 4 is missing/);
    put(4);
    tamper('DELETE FROM audit_entry WHERE sequence >= 18');
    expectDamage(18, /ends at entry 18, but it had 20/);
    for (const hashesToo of [false, true]) {
      put(18, rows[19]!.leaf, hashesToo ? rows[19]!.hashes : undefined);
      put(19, rows[18]!.leaf, hashesToo ? rows[18]!.hashes : undefined);
      expectDamage(18, /stands entry 19/);
    }
    put(18);
    put(19);
    expect(log.verify().intact).toBe(true);
    put(20, rows[0]!.leaf.replace('"sequence":0', '"sequence":20'), Buffer.alloc(0));
    expectDamage(20, /Entry 20 was changed/);
  });

  it('is found when an entry and its hash were replaced together', () => {
    const leaf = store
      .statement<{ leaf: string }>('SELECT leaf FROM audit_entry WHERE sequence = 9')
      .get()!
      .leaf.replace('noor', 'mallory');
    const hashes = store
      .statement<{ hashes: Buffer }>('SELECT hashes FROM audit_entry WHERE sequence = 9')
      .get()!.hashes;
    leafHash(Buffer.from(leaf)).copy(hashes);
    tamper('UPDATE audit_entry SET leaf = ?, hashes = ? WHERE sequence = 9', leaf, hashes);
    expectDamage(8, /entries 8 to 9 was replaced/);
  });

  it('is found where a hash was changed, removed or added, and gives no proof from it', () => {
    const hashes = store
      .statement<{ hashes: Buffer }>('SELECT hashes FROM audit_entry WHERE sequence = 7')
      .get()!.hashes;
    const keep = (changed: Buffer) => tamper('UPDATE audit_entry SET hashes = ? WHERE sequence = 7', changed);
    keep(Buffer.concat([hashes.subarray(0, 64), Buffer.alloc(32), hashes.subarray(96)]));
    expectDamage(4, /entries 4 to 7 was replaced/);
    keep(hashes.subarray(0, 96));
    expectDamage(0, /entries 0 to 7 was replaced/);
    expect(() => log.proof({ sequence: 9 })).toThrow(expect.objectContaining({ code: 'AUDIT_DAMAGED' }));
    keep(Buffer.alloc(0));
    expectDamage(7, /Entry 7 was changed/);
    keep(Buffer.concat([hashes, Buffer.alloc(1)]));
    expectDamage(7, /Entry 7 was changed/);
    keep(hashes);
    expect(log.verify().intact).toBe(true);
  });

  it('can no longer be written when its head was changed', () => {
    tamper('UPDATE audit_head SET size = 16, frontier = zeroblob(32)');
    expect(() => act('more')).toThrow(expect.objectContaining({ code: 'AUDIT_DAMAGED' }));
    expect(log.verify()).toMatchObject({ intact: false, reason: expect.stringContaining('head') });
    tamper('DELETE FROM audit_head');
    expect(() => act('more')).toThrow(expect.objectContaining({ code: 'AUDIT_DAMAGED' }));
  });

  it('shows a rollback of everything only against a checkpoint that was kept', () => {
    const copy = (table: string) => store.statement<Record<string, unknown>>(`SELECT * FROM ${table}`).all();
    const tables = ['audit_entry', 'audit_head', 'audit_checkpoint'] as const;
    log.checkpoint();
    const yesterday = tables.map(copy);
    for (let i = 20; i < 25; i++) act(`name ${i}`);
    const printed = log.checkpoint();
    for (const [index, table] of tables.entries()) {
      tamper(`DELETE FROM ${table}`);
      for (const row of yesterday[index]!) {
        const names = Object.keys(row);
        tamper(
          `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
          ...Object.values(row),
        );
      }
    }
    expect(log.verify()).toMatchObject({ intact: true, size: 20, checkpointsKept: 1 });
    expect(log.verify([printed])).toMatchObject({
      intact: false,
      firstDamaged: 20,
      reason: expect.stringContaining('25 entries exists'),
    });
  });

  it('is never taken for intact, whichever bit of a record flips', () => {
    const row = store.statement<{ leaf: string }>('SELECT leaf FROM audit_entry WHERE sequence = ?');
    fc.assert(
      fc.property(fc.nat(19), fc.nat(), fc.nat(6), (sequence, at, bit) => {
        const { leaf } = row.get(sequence)!;
        const bytes = Buffer.from(leaf);
        bytes[at % bytes.length]! ^= 1 << bit;
        tamper('UPDATE audit_entry SET leaf = ? WHERE sequence = ?', bytes.toString('latin1'), sequence);
        expect(log.verify()).toMatchObject({ intact: false, firstDamaged: sequence });
        tamper('UPDATE audit_entry SET leaf = ? WHERE sequence = ?', leaf, sequence);
      }),
      { numRuns: 200 },
    );
    expect(log.verify().intact).toBe(true);
  });
});

describe('any history of a log', () => {
  it('verifies, and every earlier checkpoint stays true', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ count: fc.integer({ min: 1, max: 9 }), undone: fc.boolean() }), {
          maxLength: 8,
        }),
        (steps) => {
          const notes: string[] = [];
          const before = log.head().size;
          let kept = 0;
          for (const { count, undone } of steps) {
            const work = () =>
              store.transaction(() => {
                for (let i = 0; i < count; i++)
                  log.append({
                    action: 'thing.add',
                    object: createHash('sha256').update(`${i}`).digest('hex'),
                  });
                if (undone) throw new Error('undone');
              });
            if (undone) expect(work).toThrow('undone');
            else {
              work();
              kept += count;
            }
            notes.push(log.checkpoint());
          }
          expect(log.verify(notes)).toMatchObject({ intact: true, size: before + kept });
        },
      ),
      { numRuns: 15 },
    );
  });
});
