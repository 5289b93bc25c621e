import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { silentJob as context } from '../../../test/fixtures/silent-job.ts';
import { type FolderMetadata, type KeptFile, ModelRegistry, registryMigrations } from './index.ts';

let parts: EngineParts;
let registry: ModelRegistry;
beforeEach(async () => {
  parts = await openParts([registryMigrations]);
  registry = new ModelRegistry(parts);
  registry.names.create({ name: 'risk', description: '', tags: {} });
});
afterEach(() => parts.close());

const metadata: FolderMetadata = {
  format: 'falaj-folder/1',
  framework: 'mlflow-sklearn',
  flavors: ['python_function', 'sklearn'],
  inputs: [],
  outputs: [],
  metrics: { auc: 0.7 },
};
const code = (expected: string) => expect.objectContaining({ code: expected });

/** Files as a run keeps them: someone else owns them already. */
async function keep(files: Readonly<Record<string, string>>): Promise<KeptFile[]> {
  const kept: KeptFile[] = [];
  for (const [filePath, text] of Object.entries(files)) {
    const staged = await parts.blobs.write(Buffer.from(text));
    parts.store.transaction(() => parts.blobs.adopt(staged, `run/r/${filePath}`));
    kept.push({ path: filePath, blob: staged.id, digest: staged.sha256, sizeBytes: staged.sizeBytes });
  }
  return kept;
}

const FILES = { MLmodel: 'flavors: {}', 'deep/model.pkl': 'weights' };

const registerFolder = (files: readonly KeptFile[], confirm?: () => void) =>
  registry.registerFolder({
    name: 'risk',
    run: 'r',
    source: 'runs:/r/model',
    files,
    metadata,
    ...(confirm ? { confirm } : {}),
  });

describe('a registered folder', () => {
  it('is signed, outlives its source and copies nothing', async () => {
    const files = await keep(FILES);
    const before = parts.blobs.usage().blobs;
    expect(await registerFolder(files)).toMatchObject({
      version: 1,
      servable: false,
      framework: 'mlflow-sklearn',
      flavors: ['python_function', 'sklearn'],
      source: 'runs:/r/model',
      lineage: { run: 'r', datasets: [], training: null },
    });
    expect(parts.blobs.usage().blobs).toBe(before + 2); // what is said of it, and the signature
    parts.store.transaction(() => {
      for (const file of files) parts.blobs.release(file.blob, `run/r/${file.path}`);
    });
    expect(await registry.get({ reference: 'risk' })).toMatchObject({ verified: true });
    const out = path.join(parts.folder, 'out');
    await registry.export(context, { reference: 'risk', dir: out });
    expect(readdirSync(out).sort()).toEqual(['MLmodel', 'deep', 'falaj-model.json', 'model.sig']);
    expect(readFileSync(path.join(out, 'deep', 'model.pkl'), 'utf8')).toBe('weights');
    registry.names.remove('risk');
    expect(parts.blobs.usage().blobs).toBe(0);
  });

  it('is never loaded as a model that runs here', async () => {
    await registerFolder(await keep(FILES));
    await expect(registry.load({ reference: 'risk:1' })).rejects.toEqual(code('NOT_SERVABLE'));
  });

  it('is not made when its files changed meanwhile, or hide from a signature', async () => {
    const files = await keep({ ...FILES, '.git/config': 'x' });
    await expect(registerFolder(files)).rejects.toEqual(code('BAD_NAME'));
    await expect(registerFolder(await keep({ 'falaj-model.json': '{}' }))).rejects.toEqual(code('BAD_NAME'));
    const changed = () => {
      throw new Error('changed');
    };
    await expect(registerFolder(files.slice(0, 2), changed)).rejects.toThrow('changed');
    expect(registry.model('risk')).toMatchObject({ versions: 0, latestVersion: 0 });
    await expect(registry.get({ reference: 'risk' })).rejects.toEqual(code('NOT_FOUND'));
    expect(parts.blobs.usage().blobs).toBe(4);
  });

  it('hands out each file as it was signed, on record, and none that was exchanged', async () => {
    const files = await keep({ ...FILES, 'other.txt': 'other' });
    await registerFolder(files);
    const read = async (name: string): Promise<string> => {
      const chunks: Buffer[] = [];
      for await (const chunk of (await registry.files.open('risk', 1, name)).read()) chunks.push(chunk);
      return Buffer.concat(chunks).toString('utf8');
    };
    expect(await read('deep/model.pkl')).toBe('weights');
    expect(parts.audit.list().entries[0]).toMatchObject({
      action: 'model.download',
      object: 'model/risk:1',
      details: { path: 'deep/model.pkl' },
    });
    await expect(read('nothing')).rejects.toEqual(code('NOT_FOUND'));
    const other = files[2]!;
    const exchange = (column: string, value: string) =>
      parts.store
        .statement(`UPDATE registry_file SET ${column} = ? WHERE path = 'deep/model.pkl'`)
        .run(value);
    exchange('blob_id', other.blob);
    await expect(read('deep/model.pkl')).rejects.toEqual(code('SIGNATURE_INVALID'));
    exchange('digest', other.digest);
    await expect(read('MLmodel')).rejects.toEqual(code('SIGNATURE_INVALID'));
  });

  it('is copied under another name with the same digest, and not when it is damaged', async () => {
    await registerFolder(await keep(FILES));
    registry.names.create({ name: 'live', description: '', tags: {} });
    const input = { from: { name: 'risk', version: 1 }, name: 'live', source: 'models:/risk/1' };
    const copy = await registry.copy(input);
    expect(copy).toMatchObject({ name: 'live', version: 1, lineage: { run: 'r' } });
    expect(copy.digest).toBe(registry.version('risk', 1).digest);
    expect(await registry.verify(context, { reference: 'live' })).toMatchObject({ verified: true });
    parts.store.statement(`DELETE FROM registry_file WHERE model = 'risk' AND path = 'MLmodel'`).run();
    await expect(registry.copy(input)).rejects.toEqual(code('SIGNATURE_INVALID'));
  });
});

describe('what is said of models', () => {
  it('changes labels and leaves digests and signatures alone', async () => {
    const { digest } = await registerFolder(await keep(FILES));
    const target = { name: 'risk', version: 1 };
    registry.labels.setTag(target, 'checked', 'yes');
    registry.labels.describe(target, 'first');
    registry.labels.stage({ ...target, stage: 'Production', archiveOthers: false });
    expect(await registry.get({ reference: 'risk:1' })).toMatchObject({
      digest,
      verified: true,
      tags: { checked: 'yes' },
      description: 'first',
      stage: 'Production',
    });
    expect(registry.model('risk')).toMatchObject({ tags: {}, description: '' });
    expect(() => registry.labels.removeTag(target, 'nothing')).toThrowError(code('NOT_FOUND'));
    expect(() => registry.labels.setTag({ name: 'nobody', version: null }, 'a', 'b')).toThrowError(
      code('NOT_FOUND'),
    );
    const { entries } = parts.audit.list();
    expect(entries.slice(0, 3).map((entry) => entry.action)).toEqual([
      'model.stage',
      'model.describe',
      'model.tag',
    ]);
    expect(JSON.stringify(entries)).not.toContain('yes'); // what is said may be private; that it was said is on record
  });

  it('archives what stood in a stage', async () => {
    const files = await keep(FILES);
    for (const _ of [1, 2]) await registerFolder(files);
    registry.labels.stage({ name: 'risk', version: 1, stage: 'Staging', archiveOthers: true });
    registry.labels.stage({ name: 'risk', version: 2, stage: 'Staging', archiveOthers: true });
    expect(registry.versions({ name: 'risk' }).map(({ stage }) => stage)).toEqual(['Staging', 'Archived']);
  });

  it('renames only what nothing is signed under, and never gives a number twice', async () => {
    await registerFolder(await keep(FILES));
    expect(() => registry.names.rename('risk', 'other')).toThrowError(code('CONFLICT'));
    registry.alias({ name: 'risk', alias: 'champion', version: 1 });
    registry.names.remove('risk');
    expect(() => registry.model('risk')).toThrowError(code('NOT_FOUND'));
    registry.names.create({ name: 'draft', description: 'd', tags: { a: 'b' } });
    expect(registry.names.rename('draft', 'risk')).toMatchObject({ tags: { a: 'b' }, description: 'd' });
    expect((await registerFolder(await keep(FILES))).version).toBe(2);
    expect(() => registry.names.create({ name: 'risk', description: '', tags: {} })).toThrowError(
      code('ALREADY_EXISTS'),
    );
  });

  it('is searched by filter, order and page', async () => {
    const files = await keep(FILES);
    for (const _ of [1, 2, 3]) await registerFolder(files);
    registry.labels.setTag({ name: 'risk', version: 2 }, 'checked', 'yes');
    const found = (filter: string, more = {}) =>
      registry.searchVersions({ filter, limit: 10, ...more }).items.map(({ version }) => version);
    expect(found("name = 'risk'")).toEqual([2, 3, 1]); // changed last first
    expect(found("tags.checked = 'yes'")).toEqual([2]);
    expect(found("tags.checked != 'yes'")).toEqual([]);
    expect(found("tags.`mlflow.prompt.is_prompt` != 'true'", { orderBy: ['version_number'] })).toEqual([
      1, 2, 3,
    ]);
    expect(found("version_number > 1 AND run_id IN ('r')", { orderBy: ['version_number DESC'] })).toEqual([
      3, 2,
    ]);
    expect(found("source_path LIKE 'runs:%' AND name ILIKE 'RISK'")).toHaveLength(3);
    const first = registry.searchVersions({ limit: 2, orderBy: ['version_number'] });
    const rest = registry.searchVersions({
      limit: 2,
      orderBy: ['version_number'],
      pageToken: first.nextPageToken!,
    });
    expect([...first.items, ...rest.items].map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(rest.nextPageToken).toBeNull();
    for (const filter of ['metrics.auc > 1', "colour = 'x'", "name > 'a'", "version_number = 'x'"])
      expect(() => found(filter), filter).toThrowError(code('BAD_INPUT'));
    expect(() => registry.searchModels({ limit: 1, pageToken: 'x' })).toThrowError(code('BAD_INPUT'));
  });
});
