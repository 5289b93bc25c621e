import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVault, FLOOR_COST, unlockVault, VAULT_FILE } from '../../src/core/vault/index.ts';
import { isFalajError } from '../../src/shared/errors.ts';
import { addNote, notesOf, openSample } from './sample-workspace.ts';

const SEED = 20_260_501;
const NOTES_KEPT = Array.from({ length: 300 }, (_, index) => `note ${index} ${'text '.repeat(30)}`);
const CONTENT = Buffer.alloc(90_000, 'content of a blob ');

/** Park and Miller's generator: the same positions in every run. */
function positions(count: number, length: number, seed: number): { at: number; bit: number }[] {
  let state = seed % 2_147_483_647;
  const next = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  return Array.from({ length: count }, () => ({ at: next(length), bit: next(8) }));
}

let root: string;
let pristine: string;
let blobId: string;
beforeAll(async () => {
  root = mkdtempSync(path.join(os.tmpdir(), 'falaj-flips-'));
  pristine = path.join(root, 'pristine');
  const { vault } = await createVault({
    folder: pristine,
    name: 'W',
    passphrase: 'a long passphrase',
    jurisdiction: [],
    cipher: 'sqlcipher',
    cost: FLOOR_COST,
  });
  vault.close();
  const sample = openSample(pristine);
  sample.store.transaction(() => {
    for (const note of NOTES_KEPT) addNote(sample, note);
  });
  const staged = await sample.blobs.write(CONTENT);
  sample.store.transaction(() => sample.blobs.adopt(staged, 'test'));
  blobId = staged.id;
  sample.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Flips one bit in a copy of the file and counts what a reader makes of it. `read` throws, or gives true when all is as it was. */
async function sweep(
  file: string,
  count: number,
  seed: number,
  read: (folder: string) => Promise<boolean> | boolean,
) {
  const folder = path.join(root, `copy-${seed}`);
  cpSync(pristine, folder, { recursive: true });
  const target = path.join(folder, file);
  const original = readFileSync(target);
  const tally = { detected: 0, harmless: 0, wrong: [] as string[], unexpected: [] as string[] };
  for (const { at, bit } of positions(count, original.length, seed)) {
    const bytes = Buffer.from(original);
    bytes[at]! ^= 1 << bit;
    writeFileSync(target, bytes);
    for (const rest of ['store.db-wal', 'store.db-shm']) rmSync(path.join(folder, rest), { force: true });
    try {
      if (await read(folder)) tally.harmless++;
      else tally.wrong.push(`byte ${at} bit ${bit}`);
    } catch (error) {
      if (isFalajError(error)) tally.detected++;
      else tally.unexpected.push(`byte ${at} bit ${bit}: ${String(error)}`);
    }
  }
  expect({ wrong: tally.wrong, unexpected: tally.unexpected }, `seed ${seed}`).toEqual({
    wrong: [],
    unexpected: [],
  });
  expect(tally.detected + tally.harmless).toBe(count);
  return tally;
}

describe('a flipped bit', () => {
  it('in the store is detected, or changes nothing that is read', async () => {
    const tally = await sweep('store.db', 200, SEED, (folder) => {
      const sample = openSample(folder);
      try {
        sample.store.check();
        return (
          notesOf(sample).join() === NOTES_KEPT.join() &&
          sample.audit.verify().intact &&
          sample.blobs.usage().blobs === 1
        );
      } finally {
        sample.close();
      }
    });
    expect(tally.detected).toBeGreaterThan(190);
  });

  it('in a blob is detected, wherever it is', async () => {
    const file = path.join('blobs', blobId.slice(0, 2), blobId.slice(2));
    expect(readdirSync(path.join(pristine, 'blobs'))).toHaveLength(1);
    const tally = await sweep(file, 200, SEED + 1, async (folder) => {
      const sample = openSample(folder);
      try {
        return (await sample.blobs.readAll(blobId)).equals(CONTENT);
      } finally {
        sample.close();
      }
    });
    expect(tally.detected).toBe(200);
  });

  it('in the key file is detected, or changes nothing', async () => {
    const vault = await unlockVault({ folder: pristine, secret: { passphrase: 'a long passphrase' } });
    const key = vault.deriveKey('x');
    await sweep(VAULT_FILE, 40, SEED + 2, async (folder) => {
      const damaged = await unlockVault({ folder, secret: { passphrase: 'a long passphrase' } });
      return damaged.deriveKey('x').equals(key) && damaged.name === 'W';
    });
  });

  it('in the write-ahead log never serves anything but an earlier state', () => {
    const folder = path.join(root, 'wal');
    cpSync(pristine, folder, { recursive: true });
    const writer = openSample(folder);
    for (let i = 0; i < 5; i++) addNote(writer, `late ${i}`);
    const states = Array.from({ length: 6 }, (_, count) =>
      [...NOTES_KEPT, ...Array.from({ length: count }, (_, i) => `late ${i}`)].join(),
    );
    const database = readFileSync(path.join(folder, 'store.db'));
    const log = readFileSync(path.join(folder, 'store.db-wal'));
    writer.close();
    const copy = path.join(root, 'wal-copy');
    cpSync(pristine, copy, { recursive: true });
    const served = new Set<number>();
    for (const { at, bit } of positions(60, log.length, SEED + 3)) {
      const bytes = Buffer.from(log);
      bytes[at]! ^= 1 << bit;
      writeFileSync(path.join(copy, 'store.db'), database);
      writeFileSync(path.join(copy, 'store.db-wal'), bytes);
      rmSync(path.join(copy, 'store.db-shm'), { force: true });
      try {
        const sample = openSample(copy);
        try {
          served.add(states.indexOf(notesOf(sample).join()));
          expect(sample.audit.verify().intact).toBe(true);
        } finally {
          sample.close();
        }
      } catch (error) {
        expect(error).toMatchObject({ code: 'STORE_DAMAGED' });
      }
    }
    expect([...served]).not.toContain(-1);
    expect(served.size).toBeGreaterThan(0);
  });
});
