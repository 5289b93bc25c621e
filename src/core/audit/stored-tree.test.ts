import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditKeys } from '../../../test/fixtures/audit-keys.ts';
import { openStore, type Store } from '../store/index.ts';
import { AuditLog, auditMigrations } from './index.ts';

let folder: string;
let store: Store;
let log: AuditLog;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-audit-'));
  store = openStore({
    file: path.join(folder, 'store.db'),
    key: Buffer.alloc(32, 1),
    cipher: 'sqlcipher',
    migrations: [auditMigrations],
  });
  log = new AuditLog({ store, vault: auditKeys, actor: 'noor', clock: () => 0 });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const grow = (count: number): void =>
  store.transaction(() => {
    for (let added = 0; added < count; added++) log.append({ action: 'thing.add', object: 'thing' });
  });
const leaves = (): string[] =>
  store
    .statement<{ leaf: string }>('SELECT leaf FROM audit_entry ORDER BY sequence')
    .all()
    .map(({ leaf }) => leaf);

// RFC 6962 section 2.1, word for word and from the leaves alone.
const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const splitOf = (count: number): number => {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
};
/** With a memory, as the same subtrees are asked for again and again. */
function reference(entries: readonly string[]) {
  const known = new Map<string, Buffer>();
  const treeHash = (begin: number, end: number): Buffer => {
    const place = `${begin}-${end}`;
    const before = known.get(place);
    if (before !== undefined) return before;
    const split = begin + splitOf(end - begin);
    const hash =
      end === begin
        ? sha256()
        : end - begin === 1
          ? sha256('\0', entries[begin]!)
          : sha256('\x01', treeHash(begin, split), treeHash(split, end));
    known.set(place, hash);
    return hash;
  };
  const pathOf = (index: number, begin: number, end: number): Buffer[] => {
    if (end - begin === 1) return [];
    const split = begin + splitOf(end - begin);
    return index < split
      ? [...pathOf(index, begin, split), treeHash(split, end)]
      : [...pathOf(index, split, end), treeHash(begin, split)];
  };
  return {
    root: (size: number): string => treeHash(0, size).toString('hex'),
    path: (index: number, size: number): string[] =>
      pathOf(index, 0, size).map((hash) => hash.toString('hex')),
  };
}

describe('the tree in the store', () => {
  it('has the roots and paths of RFC 6962 at every size up to 600', () => {
    const roots = [log.head().root];
    const paths: { index: number; size: number; proof: string[] }[] = [];
    // One transaction, for the time that 600 commits take.
    store.transaction(() => {
      for (let size = 1; size <= 600; size++) {
        grow(1);
        roots.push(log.head().root);
        for (const index of new Set([0, 7919 % size, size - 1]))
          paths.push({ index, size, proof: log.proof({ sequence: index }).proof });
      }
    });
    const expected = reference(leaves());
    expect(roots).toEqual(roots.map((_, size) => expected.root(size)));
    for (const { index, size, proof } of paths) expect(proof).toEqual(expected.path(index, size));
    expect(log.verify()).toMatchObject({ intact: true, size: 600, checkpointsKept: 600 });
  });

  it('has them for every entry around 65,536', () => {
    grow(65_534);
    const expected: Record<number, { root: string; proofs: Record<number, string[]> }> = {};
    const asked = [0, 255, 256, 32_767, 32_768, 65_279, 65_280, 65_533, 65_534, 65_535, 65_536, 65_537];
    for (let size = 65_534; size <= 65_538; size++) {
      const inside = asked.filter((index) => index < size);
      expected[size] = {
        root: log.head().root,
        proofs: Object.fromEntries(inside.map((index) => [index, log.proof({ sequence: index }).proof])),
      };
      grow(1);
    }
    const { root, path: pathOf } = reference(leaves());
    for (const [size, { root: had, proofs }] of Object.entries(expected)) {
      expect(had).toBe(root(Number(size)));
      for (const [index, proof] of Object.entries(proofs))
        expect(proof).toEqual(pathOf(Number(index), Number(size)));
    }
    expect(log.verify()).toMatchObject({ intact: true, size: 65_539 });
  });

  it('keeps them through transactions that are undone and logs that are opened again', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            count: fc.integer({ min: 1, max: 150 }),
            end: fc.constantFrom('kept', 'undone', 'reopened'),
          }),
          { maxLength: 8 },
        ),
        (steps) => {
          for (const { count, end } of steps) {
            const work = () =>
              store.transaction(() => {
                grow(count);
                if (end === 'undone') throw new Error('undone');
              });
            if (end === 'undone') expect(work).toThrow('undone');
            else work();
            if (end === 'reopened')
              log = new AuditLog({ store, vault: auditKeys, actor: 'noor', clock: () => 0 });
          }
          const { size, root } = log.head();
          const expected = reference(leaves());
          expect(root).toBe(expected.root(size));
          for (const index of [0, size - 1, size >> 1].filter((at) => at >= 0 && at < size))
            expect(log.proof({ sequence: index }).proof).toEqual(expected.path(index, size));
        },
      ),
      { numRuns: 20 },
    );
  });
});
