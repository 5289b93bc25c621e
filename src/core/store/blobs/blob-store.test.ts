import { createHash, createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BlobStore, openBlobStore, openStore, type Store, storeMigrations } from '../index.ts';

const MEBIBYTE = 2 ** 20;
let folder: string;
let store: Store;
let blobs: BlobStore;
const deriveKey = (label: string) => createHmac('sha256', 'root key of the tests').update(label).digest();
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function openBoth(): void {
  store = openStore({
    file: path.join(folder, 'store.db'),
    key: Buffer.alloc(32, 1),
    cipher: 'sqlcipher',
    migrations: [storeMigrations],
  });
  blobs = openBlobStore({ folder: path.join(folder, 'blobs'), store, deriveKey });
}
function closeBoth(): void {
  blobs.close();
  store.close();
}
const fileOf = (id: string) => path.join(folder, 'blobs', id.slice(0, 2), id.slice(2));
const files = (): string[] =>
  readdirSync(path.join(folder, 'blobs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(path.basename(entry.parentPath), entry.name));
async function keep(bytes: Uint8Array, owner = 'test'): Promise<string> {
  const staged = await blobs.write(bytes);
  store.transaction(() => blobs.adopt(staged, owner));
  return staged.id;
}

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-blobs-'));
  openBoth();
});
afterEach(() => {
  closeBoth();
  rmSync(folder, { recursive: true, force: true });
});

describe('the blob store', () => {
  it('gives content back after a restart and writes none of it in the clear', async () => {
    const bytes = Buffer.from('canary '.repeat(200_000));
    const staged = await blobs.write(bytes);
    store.transaction(() => blobs.adopt(staged, 'dataset:a'));
    expect(staged).toMatchObject({
      sha256: sha256(bytes),
      sizeBytes: bytes.length,
      storedBytes: statSync(fileOf(staged.id)).size,
    });
    expect(staged.id).not.toBe(staged.sha256);
    expect(readFileSync(fileOf(staged.id)).includes('canary')).toBe(false);
    closeBoth();
    openBoth();
    expect((await blobs.readAll(staged.id)).equals(bytes)).toBe(true);
    expect(blobs.usage()).toEqual({ blobs: 1, bytes: staged.storedBytes });
  });

  it('streams in and out whatever the sizes of the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(1_600_000), { maxLength: 5 }),
        fc.nat(2 ** 30),
        async (sizes, seed) => {
          const pieces = sizes.map((size, index) => Buffer.alloc(size, (seed + index) % 251));
          async function* source() {
            yield* pieces;
          }
          const staged = await blobs.write(source());
          store.transaction(() => blobs.adopt(staged, 'test'));
          const out: Buffer[] = [];
          for await (const chunk of blobs.read(staged.id)) out.push(chunk);
          expect(Buffer.concat(out).equals(Buffer.concat(pieces))).toBe(true);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('reads any range and refuses one outside', async () => {
    const bytes = randomBytes(2 * MEBIBYTE + 333);
    const id = await keep(bytes);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length), fc.nat(bytes.length), async (a, b) => {
        const [start, end] = a < b ? [a, b] : [b, a];
        expect((await blobs.readRange(id, start, end - start)).equals(bytes.subarray(start, end))).toBe(true);
      }),
      { numRuns: 40 },
    );
    await expect(blobs.readRange(id, bytes.length, 1)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('keeps the same content once for two owners and drops it after the second', async () => {
    const id = await keep(Buffer.from('shared'), 'first');
    expect(await keep(Buffer.from('shared'), 'second')).toBe(id);
    expect(files()).toHaveLength(1);
    store.transaction(() => blobs.release(id, 'first'));
    expect((await blobs.readAll(id)).toString()).toBe('shared');
    store.transaction(() => blobs.release(id, 'second'));
    expect(files()).toEqual([]);
    await expect(blobs.readAll(id)).rejects.toMatchObject({ code: 'BLOB_MISSING' });
  });

  it('keeps one file when the same content is written twice at the same time', async () => {
    const bytes = randomBytes(MEBIBYTE);
    const staged = await Promise.all([blobs.write(bytes), blobs.write(bytes), blobs.write(bytes)]);
    store.transaction(() => {
      for (const [index, each] of staged.entries()) blobs.adopt(each, `owner ${index}`);
    });
    expect(files()).toHaveLength(1);
    expect((await blobs.readAll(staged[0]!.id)).equals(bytes)).toBe(true);
  });

  it('keeps the file when the transaction that released it is undone', async () => {
    const id = await keep(Buffer.from('stay'));
    const work = () =>
      store.transaction(() => {
        blobs.release(id, 'test');
        throw new Error('undone');
      });
    expect(work).toThrow('undone');
    expect((await blobs.readAll(id)).toString()).toBe('stay');
  });

  it('can release and adopt the same content in one transaction', async () => {
    const id = await keep(Buffer.from('again'), 'old');
    const staged = await blobs.write(Buffer.from('again'));
    store.transaction(() => {
      blobs.release(id, 'old');
      blobs.adopt(staged, 'new');
    });
    expect((await blobs.readAll(id)).toString()).toBe('again');
  });

  it('must adopt and release inside a transaction', async () => {
    const staged = await blobs.write(Buffer.from('x'));
    expect(() => blobs.adopt(staged, 'me')).toThrow('inside a transaction');
    expect(() => blobs.release(staged.id, 'me')).toThrow('inside a transaction');
  });

  it('sweeps what a crash left behind, not what is in use or staged', async () => {
    const kept = await keep(Buffer.from('kept'));
    await blobs.write(Buffer.from('orphan'));
    writeFileSync(path.join(folder, 'blobs', 'blob.tmp-1-abc'), 'half');
    closeBoth();
    openBoth();
    const staged = await blobs.write(Buffer.from('staged'));
    expect(await blobs.sweep()).toBe(2);
    expect(
      files()
        .map((name) => name.replace('/', ''))
        .sort(),
    ).toEqual([kept, staged.id].sort());
    blobs.discard(staged);
    expect(files()).toHaveLength(1);
  });

  it('leaves nothing behind when the source fails or the work is stopped', async () => {
    async function* failing() {
      yield randomBytes(3 * MEBIBYTE);
      throw new Error('source failed');
    }
    await expect(blobs.write(failing())).rejects.toThrow('source failed');
    const stop = new AbortController();
    async function* stopping() {
      yield randomBytes(2 * MEBIBYTE);
      stop.abort();
      yield randomBytes(2 * MEBIBYTE);
    }
    await expect(blobs.write(stopping(), { signal: stop.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(files()).toEqual([]);
  });

  it('leaves nothing behind when content that was written cannot be put in its place', async () => {
    const id = await keep(Buffer.from('content'));
    const address = id.slice(0, 2);
    store.transaction(() => blobs.release(id, 'test'));
    rmSync(path.join(folder, 'blobs', address), { recursive: true });
    writeFileSync(path.join(folder, 'blobs', address), 'a file where the folder belongs');
    await expect(blobs.write(Buffer.from('content'))).rejects.toMatchObject({ code: 'DISK_FAILED' });
    expect(readdirSync(path.join(folder, 'blobs'))).toEqual([address]);
  });

  it('leaves nothing behind when it is locked while content is being written', async () => {
    async function* source() {
      yield Buffer.from('content');
      blobs.close();
    }
    await expect(blobs.write(source())).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' });
    expect(files()).toEqual([]);
  });

  it('serves nothing when locked', async () => {
    const id = await keep(Buffer.from('x'));
    blobs.close();
    await expect(blobs.readAll(id)).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' });
    await expect(blobs.write(Buffer.from('y'))).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' });
  });
});

describe('a damaged blob', () => {
  it('is named, refused as a whole, and mended by writing its content again', async () => {
    const bytes = randomBytes(2 * MEBIBYTE);
    const id = await keep(bytes);
    const sealed = readFileSync(fileOf(id));
    sealed[sealed.length - 5]! ^= 4;
    writeFileSync(fileOf(id), sealed);
    const refused = expect.objectContaining({
      code: 'BLOB_DAMAGED',
      details: expect.objectContaining({ blob: id, file: fileOf(id), reason: 'CHUNK_CHANGED' }),
    });
    await expect(blobs.readAll(id)).rejects.toEqual(refused);
    await expect(blobs.readRange(id, 0, 10)).rejects.toEqual(refused);
    await keep(bytes, 'mender');
    expect((await blobs.readAll(id)).equals(bytes)).toBe(true);
  });

  it('is refused when two files were exchanged, one was cut, or one is gone', async () => {
    const [a, b, c] = [
      await keep(Buffer.from('aaaa')),
      await keep(Buffer.from('bbbb')),
      await keep(Buffer.from('cccc')),
    ];
    writeFileSync(fileOf(a), readFileSync(fileOf(b)));
    await expect(blobs.readAll(a)).rejects.toMatchObject({
      code: 'BLOB_DAMAGED',
      details: { reason: 'OTHER_FILE' },
    });
    writeFileSync(fileOf(b), readFileSync(fileOf(b)).subarray(0, -1));
    await expect(blobs.readAll(b)).rejects.toMatchObject({
      code: 'BLOB_DAMAGED',
      details: { reason: 'CUT_SHORT' },
    });
    rmSync(fileOf(c));
    await expect(blobs.readAll(c)).rejects.toMatchObject({
      code: 'BLOB_MISSING',
      details: { file: fileOf(c) },
    });
    expect(existsSync(fileOf(c))).toBe(false);
  });

  it('is told without reading every file, when one is gone or cut', async () => {
    const [a, b] = [await keep(Buffer.from('aaaa')), await keep(Buffer.from('bbbb'))];
    await keep(Buffer.from('cccc'));
    expect(blobs.incomplete()).toEqual([]);
    rmSync(fileOf(a));
    writeFileSync(fileOf(b), readFileSync(fileOf(b)).subarray(0, -1));
    expect(blobs.incomplete().sort()).toEqual([fileOf(a), fileOf(b)].sort());
  });
});
