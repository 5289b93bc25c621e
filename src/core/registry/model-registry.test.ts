import { existsSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { silentJob as context } from '../../../test/fixtures/silent-job.ts';
import type { ProgressUpdate } from '../jobs/index.ts';
import { type ModelMetadata, ModelRegistry, registryMigrations } from './index.ts';

let parts: EngineParts;
let registry: ModelRegistry;
beforeEach(async () => {
  parts = await openParts([registryMigrations]);
  registry = new ModelRegistry(parts);
});
afterEach(() => parts.close());

const metadata: ModelMetadata = {
  format: 'falaj-model/1',
  framework: 'falaj-gbdt',
  task: 'binary',
  inputs: [{ name: 'features', type: 'float32', shape: [-1, 1] }],
  outputs: [{ name: 'probability', type: 'float32', shape: [-1, 1] }],
  features: [{ name: 'distance', type: 'float64', encoding: { kind: 'number' } }],
  metrics: { auc: 0.7 },
  training: null,
  datasets: [{ name: 'flights', version: 1, digest: 'd' }],
};

const register = (bytes: string, alias?: string) =>
  registry.register({
    name: 'delay',
    model: Buffer.from(bytes),
    metadata,
    run: 'run1',
    ...(alias ? { alias } : {}),
  });

const blobFile = (version: number, file: string): string => {
  const row = parts.store
    .statement<{ blob_id: string }>('SELECT blob_id FROM registry_file WHERE version = ? AND path = ?')
    .get(version, file)!;
  const folder = path.join(parts.folder, 'workspace', 'blobs');
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.replaceAll(path.sep, '').endsWith(row.blob_id),
  );
  return path.join(folder, found!);
};

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('ModelRegistry', () => {
  it('keeps versions signed and says so only after checking', async () => {
    const first = await register('weights');
    expect(first).toMatchObject({
      name: 'delay',
      version: 1,
      signed: true,
      verified: true,
      metrics: { auc: 0.7 },
      lineage: { run: 'run1' },
    });
    expect(first.files.map((file) => file.path)).toEqual(['metadata.json', 'model.onnx', 'model.sig']);
    expect(registry.versions({ name: 'delay' })[0]).toMatchObject({ version: 1, verified: false });
    expect(await registry.get({ reference: 'delay' })).toMatchObject({ version: 1, verified: true });
    expect((await registry.load({ reference: 'delay' })).model.toString()).toBe('weights');
    expect(parts.audit.list().entries.map((entry) => entry.action)).toEqual([
      'model.register',
      'signing-key.create',
    ]);
  });

  it('gives the same digest to the same bytes and another to others', async () => {
    const [a, b, c] = [await register('weights'), await register('weights'), await register('other')];
    expect(b.digest).toBe(a.digest);
    expect(c.digest).not.toBe(a.digest);
    expect([a.version, b.version, c.version]).toEqual([1, 2, 3]);
  });

  it('finds versions by name, alias and number', async () => {
    await register('one', 'champion');
    await register('two');
    expect((await registry.get({ reference: 'delay' })).version).toBe(2);
    expect((await registry.get({ reference: 'delay@champion' })).version).toBe(1);
    expect((await registry.get({ reference: 'delay:2' })).version).toBe(2);
    registry.alias({ name: 'delay', alias: 'champion', version: 2 });
    expect((await registry.get({ reference: 'delay@champion' })).version).toBe(2);
    expect(registry.list()[0]).toMatchObject({
      name: 'delay',
      versions: 2,
      latestVersion: 2,
      aliases: { champion: 2 },
    });
    for (const reference of ['delay:3', 'delay@nobody', 'other'])
      await expect(registry.get({ reference })).rejects.toEqual(code('NOT_FOUND'));
    expect(() => registry.alias({ name: 'delay', alias: 'x', version: 9 })).toThrowError(code('NOT_FOUND'));
  });

  it('removes versions nobody points at, and never gives their number again', async () => {
    await register('one', 'champion');
    await register('two');
    expect(() => registry.remove({ name: 'delay', version: 1 })).toThrowError(code('CONFLICT'));
    registry.remove({ name: 'delay', version: 2 });
    expect((await register('three')).version).toBe(3);
    expect(registry.versions({ name: 'delay' }).map((version) => version.version)).toEqual([3, 1]);
  });

  it('names a file whose bytes were damaged, and hands nothing of it out', async () => {
    await register('weights'.repeat(100));
    const file = blobFile(1, 'model.onnx');
    const bytes = readFileSync(file);
    bytes[bytes.length - 5]! ^= 1;
    writeFileSync(file, bytes);
    const verification = await registry.verify(context, { reference: 'delay' });
    expect(verification).toMatchObject({ verified: false, reason: expect.stringContaining('model.onnx') });
    expect(verification.files).toContainEqual({ path: 'model.onnx', status: 'damaged' });
    expect(await registry.get({ reference: 'delay' })).toMatchObject({ signed: true, verified: false });
    await expect(registry.load({ reference: 'delay' })).rejects.toEqual(code('SIGNATURE_INVALID'));
    await expect(
      registry.export(context, { reference: 'delay', dir: path.join(parts.folder, 'out') }),
    ).rejects.toEqual(code('SIGNATURE_INVALID'));
    expect(existsSync(path.join(parts.folder, 'out'))).toBe(false);
  });

  it('tells how far a check is, and can be stopped', async () => {
    await register('weights'.repeat(100));
    const told: ProgressUpdate[] = [];
    await registry.verify(
      { ...context, progress: (update) => void told.push(update) },
      { reference: 'delay' },
    );
    expect(told.map(({ detail }) => detail)).toEqual(expect.arrayContaining(['metadata.json', 'model.onnx']));
    expect(told.at(-1)?.fraction).toBe(1);
    await expect(
      registry.verify({ ...context, signal: AbortSignal.abort() }, { reference: 'delay' }),
    ).rejects.toEqual(code('CANCELLED'));
  });

  it('names a file that is gone', async () => {
    await register('weights');
    unlinkSync(blobFile(1, 'metadata.json'));
    const verification = await registry.verify(context, { reference: 'delay' });
    expect(verification.verified).toBe(false);
    expect(verification.files).toContainEqual({ path: 'metadata.json', status: 'missing' });
  });

  it('finds a model that was exchanged for another stored one', async () => {
    await register('weights');
    await register('other weights');
    const other = parts.store
      .statement<{ blob_id: string }>(
        `SELECT blob_id FROM registry_file WHERE version = 2 AND path = 'model.onnx'`,
      )
      .get()!;
    parts.store
      .statement(`UPDATE registry_file SET blob_id = ? WHERE version = 1 AND path = 'model.onnx'`)
      .run(other.blob_id);
    const verification = await registry.verify(context, { reference: 'delay:1' });
    expect(verification.verified).toBe(false);
    expect(verification.files).toContainEqual({ path: 'model.onnx', status: 'changed' });
  });

  it('exports the files, the signature and the public key beside them, and overwrites nothing', async () => {
    await register('weights');
    const dir = path.join(parts.folder, 'out', 'delay');
    const result = await registry.export(context, { reference: 'delay', dir });
    expect(result.files).toEqual(['metadata.json', 'model.onnx', 'model.sig']);
    expect(readdirSync(dir).sort()).toEqual(['metadata.json', 'model.onnx', 'model.sig']);
    expect(readdirSync(path.dirname(dir)).sort()).toEqual(['delay', 'delay.pub.pem']);
    expect(readFileSync(path.join(dir, 'model.onnx'), 'utf8')).toBe('weights');
    await expect(registry.export(context, { reference: 'delay', dir })).rejects.toEqual(
      code('ALREADY_EXISTS'),
    );
    expect(parts.audit.list().entries[0]).toMatchObject({ action: 'model.export', object: 'model/delay:1' });
  });

  it('leaves nothing behind when it is stopped', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(
      registry.register({
        name: 'delay',
        model: Buffer.from('w'),
        metadata,
        run: null,
        signal: controller.signal,
      }),
    ).rejects.toThrow();
    expect(registry.list()).toEqual([]);
    expect(parts.blobs.usage().blobs).toBe(0);
  });
});
