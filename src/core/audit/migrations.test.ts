import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { auditKeys } from '../../../test/fixtures/audit-keys.ts';
import {
  appendLeaf,
  EMPTY_FRONTIER,
  type Frontier,
  inclusionProof,
  rootOf,
} from '../../trust/merkle-log/index.ts';
import { openStore, type Store } from '../store/index.ts';
import { CheckpointTable } from './checkpoints.ts';
import { AuditLog, auditMigrations } from './index.ts';
import { encodeLeaf, hashLeaf } from './leaf.ts';
import { HeadTable } from './log-head.ts';

let folder: string;
let store: Store;
const open = (steps: number): Store =>
  openStore({
    file: path.join(folder, 'store.db'),
    key: Buffer.alloc(32, 1),
    cipher: 'sqlcipher',
    migrations: [{ ...auditMigrations, steps: auditMigrations.steps.slice(0, steps) }],
  });

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-audit-'));
  store = open(1);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As the first version wrote: every node of the tree a row of its own. */
function writeFirstVersion(count: number): Frontier {
  let frontier = EMPTY_FRONTIER;
  store.transaction(() => {
    for (let sequence = 0; sequence < count; sequence++) {
      const action = sequence % 3 === 0 ? 'data.import' : 'run.start';
      const leaf = encodeLeaf({
        sequence,
        at: new Date(sequence).toISOString(),
        actor: 'noor',
        action,
        object: `thing/${sequence}`,
        result: 'done',
        details: {},
      });
      const appended = appendLeaf(frontier, hashLeaf(leaf));
      frontier = appended.frontier;
      store
        .statement('INSERT INTO audit_entry (sequence, action, leaf) VALUES (?, ?, ?)')
        .run(sequence, action, leaf);
      for (const node of appended.finished)
        store
          .statement('INSERT INTO audit_node (level, position, hash) VALUES (?, ?, ?)')
          .run(node.level, node.position, node.hash);
    }
    new HeadTable(store, auditKeys.deriveKey('falaj/v1/audit')).write({ frontier, lastAtMs: count });
    new CheckpointTable(store, auditKeys).sign(frontier.size, rootOf(frontier));
  });
  return frontier;
}

const keptNode = (level: number, position: number): Buffer =>
  store
    .statement<{ hash: Buffer }>('SELECT hash FROM audit_node WHERE level = ? AND position = ?')
    .get(level, position)!.hash;

function migrate(): AuditLog {
  store.close();
  store = open(auditMigrations.steps.length);
  return new AuditLog({ store, vault: auditKeys, actor: 'noor', clock: () => 0 });
}

it('keeps the entries, roots, proofs and checkpoints of a log of the first version', () => {
  const frontier = writeFirstVersion(700);
  const proofs = Array.from({ length: 700 }, (_, sequence) =>
    inclusionProof(sequence, 700, keptNode).map((hash) => hash.toString('hex')),
  );
  const log = migrate();
  const root = rootOf(frontier).toString('hex');
  expect(log.verify()).toMatchObject({ intact: true, size: 700, root, checkpointsKept: 1 });
  expect(log.list({ limit: 1 }).entries[0]).toMatchObject({ sequence: 699, object: 'thing/699' });
  expect(log.list({ limit: 1000, action: 'data' }).entries).toHaveLength(234);
  for (const [sequence, proof] of proofs.entries()) expect(log.proof({ sequence }).proof).toEqual(proof);
  for (let added = 0; added < 100; added++)
    store.transaction(() => log.append({ action: 'thing.add', object: 'thing' }));
  expect(log.verify()).toMatchObject({ intact: true, size: 800, checkpointsKept: 1 });
});

it('makes nothing of an empty log', () => {
  const log = migrate();
  expect(log.verify()).toMatchObject({ intact: true, size: 0 });
});

it('keeps the damage of a damaged log to be found', () => {
  writeFirstVersion(40);
  store.statement('DELETE FROM audit_node WHERE level = 2 AND position = 5').run();
  store.statement("UPDATE audit_entry SET leaf = replace(leaf, 'noor', 'mallory') WHERE sequence = 30").run();
  const log = migrate();
  expect(log.verify()).toMatchObject({ intact: false, firstDamaged: 20 });
  expect(() => log.list()).toThrow(
    expect.objectContaining({ code: 'AUDIT_DAMAGED', details: { sequence: 30 } }),
  );
});
