import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ChangedRoom, Model, ModelVerification, ModelVersion } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import { type DigestedFile, SIGNATURE_FILE, signModel } from '../../trust/model-signature/index.ts';
import type { AuditLog } from '../audit/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { BlobStore, StagedBlob, Store } from '../store/index.ts';
import { type ExportedFile, exportFolder } from './export-folder.ts';
import { type ModelMetadata, modelMetadata } from './model-metadata.ts';
import { parseModelReference } from './model-reference.ts';
import { readSignedFiles, type SignedFiles, sha256 } from './signed-files.ts';
import { type SecretSealer, type SigningKey, SigningKeyStore } from './signing-key.ts';

export interface RegistryOptions {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly audit: AuditLog;
  readonly vault: SecretSealer;
  readonly notify: (room: ChangedRoom) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export interface RegisterModel {
  readonly name: string;
  /** ONNX bytes. */
  readonly model: Uint8Array;
  readonly metadata: ModelMetadata;
  readonly run: string | null;
  readonly alias?: string;
  readonly signal?: AbortSignal;
}

/** A version's bytes, checked against its signature. */
export interface LoadedModel {
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly model: Buffer;
  readonly metadata: ModelMetadata;
}

const MODEL_FILE = 'model.onnx';
const METADATA_FILE = 'metadata.json';

/** Models, their signed versions and the aliases that point at them. */
export class ModelRegistry {
  readonly #options: RegistryOptions;
  readonly #store: Store;
  readonly #keys: SigningKeyStore;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#keys = new SigningKeyStore(options);
  }

  list(): Model[] {
    return this.#store
      .statement<{ name: string }>(`SELECT name FROM registry_model ORDER BY updated_at DESC, name`)
      .all()
      .map(({ name }) => this.#model(name));
  }

  /** Newest first. The signatures are not checked here: `verified` is false. */
  versions(input: { name: string }): ModelVersion[] {
    this.#model(input.name);
    return this.#store
      .statement<VersionRow>(`SELECT * FROM registry_version WHERE model = ? ORDER BY version DESC`)
      .all(input.name)
      .map((row) => this.#version(row, false));
  }

  /** The version with its signature checked against the stored bytes. */
  async get(input: { reference: string }): Promise<ModelVersion> {
    const row = this.#resolve(input.reference);
    const { verified } = await this.#verify(row);
    return this.#version(row, verified);
  }

  async verify(input: { reference: string }): Promise<ModelVerification> {
    return this.#verify(this.#resolve(input.reference));
  }

  /** The key that signs here; null before anything was signed. */
  signingKey(): SigningKey | null {
    return this.#keys.publicKey();
  }

  /** Signs digests of any folder's files. The private key stays here; the signature is on record before it leaves. */
  sign(input: { folderName: string; files: readonly DigestedFile[] }): FolderSignature {
    return this.#keys.use((privateKeyPem, key) => {
      const signed = signModel({ ...input, privateKeyPem });
      this.#store.transaction(() =>
        this.#options.audit.append({
          action: 'signature.create',
          object: `folder/${input.folderName}`,
          details: { digest: signed.digest, files: input.files.length, key: key.keyId },
        }),
      );
      return { ...signed, ...key };
    });
  }

  alias(input: { name: string; alias: string; version: number }): Model {
    this.#store.transaction(() => {
      this.#versionRow(input.name, input.version);
      this.#setAlias(input.name, input.alias, input.version);
      this.#touch(input.name);
    });
    this.#options.notify('models');
    return this.#model(input.name);
  }

  remove(input: { name: string; version: number }): { removed: true } {
    const { blobs, audit, notify } = this.#options;
    this.#store.transaction(() => {
      const row = this.#versionRow(input.name, input.version);
      const aliases = this.#aliasesOf(row);
      if (aliases.length > 0) {
        throw new FalajError(
          'CONFLICT',
          `${input.name}:${input.version} carries the alias ${aliases.join(', ')}.`,
          {
            hint: `Move the alias first: falaj models alias ${input.name} ${aliases[0]} VERSION`,
          },
        );
      }
      for (const file of this.#fileRows(row))
        blobs.release(file.blob_id, blobOwner(row.model, row.version, file.path));
      this.#store
        .statement(`DELETE FROM registry_file WHERE model = ? AND version = ?`)
        .run(row.model, row.version);
      this.#store
        .statement(`DELETE FROM registry_version WHERE model = ? AND version = ?`)
        .run(row.model, row.version);
      this.#touch(row.model);
      audit.append({
        action: 'model.remove',
        object: `model/${row.model}:${row.version}`,
        details: { digest: row.digest },
      });
    });
    notify('models');
    return { removed: true };
  }

  /** Signs the files and keeps them as the model's next version: all of it, or nothing. */
  async register(input: RegisterModel): Promise<ModelVersion> {
    const { blobs, notify } = this.#options;
    const metadata = modelMetadata.parse(input.metadata);
    const content: ExportedFile[] = [
      { path: METADATA_FILE, bytes: Buffer.from(`${JSON.stringify(metadata, null, 2)}\n`, 'utf8') },
      { path: MODEL_FILE, bytes: input.model },
    ];
    const signed = this.#keys.use((privateKeyPem) =>
      signModel({
        folderName: input.name,
        files: content.map((file) => ({ path: file.path, sha256: sha256(file.bytes) })),
        privateKeyPem,
      }),
    );
    content.push({ path: SIGNATURE_FILE, bytes: Buffer.from(signed.signature, 'utf8') });
    const staged: StagedFile[] = [];
    let row: VersionRow;
    try {
      for (const file of content) {
        const blob = await blobs.write(file.bytes, input.signal ? { signal: input.signal } : {});
        staged.push({ path: file.path, blob });
      }
      input.signal?.throwIfAborted();
      row = this.#insertVersion(input, metadata, signed.digest, staged);
    } catch (error) {
      for (const { blob } of staged) blobs.discard(blob);
      throw error;
    }
    notify('models');
    const { verified } = await this.#verify(row);
    return this.#version(row, verified);
  }

  #insertVersion(
    input: RegisterModel,
    metadata: ModelMetadata,
    digest: string,
    staged: readonly StagedFile[],
  ): VersionRow {
    const { blobs, audit, clock } = this.#options;
    return this.#store.transaction(() => {
      const now = clock();
      const known = this.#store
        .statement<{ last_version: number }>(`SELECT last_version FROM registry_model WHERE name = ?`)
        .get(input.name);
      const version = (known?.last_version ?? 0) + 1;
      this.#store
        .statement(
          `INSERT INTO registry_model (name, last_version, updated_at) VALUES (?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET last_version = excluded.last_version, updated_at = excluded.updated_at`,
        )
        .run(input.name, version, now);
      this.#store
        .statement(
          `INSERT INTO registry_version (model, version, digest, metadata, run_id, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
        )
        .run(input.name, version, digest, JSON.stringify(metadata), input.run, now);
      for (const { path: filePath, blob } of staged) {
        blobs.adopt(blob, blobOwner(input.name, version, filePath));
        this.#store
          .statement(
            `INSERT INTO registry_file (model, version, path, blob_id, digest, size_bytes) VALUES (?, ?, ?, ?, ?, ?)`,
          )
          .run(input.name, version, filePath, blob.id, blob.sha256, blob.sizeBytes);
      }
      audit.append({
        action: 'model.register',
        object: `model/${input.name}:${version}`,
        details: { digest: digest, ...(input.run ? { run: input.run } : {}) },
      });
      if (input.alias !== undefined) this.#setAlias(input.name, input.alias, version);
      return this.#versionRow(input.name, version);
    });
  }

  /** The bytes to run. A version whose signature does not hold is never handed out. */
  async load(input: { reference: string }): Promise<LoadedModel> {
    const row = this.#resolve(input.reference);
    const { files, verification } = await this.#readAndVerify(row);
    const model = files.get(MODEL_FILE);
    if (!verification.verified || !model) throw signatureInvalid(row, verification);
    return {
      name: row.model,
      version: row.version,
      digest: row.digest,
      model,
      metadata: modelMetadata.parse(JSON.parse(row.metadata)),
    };
  }

  /** Writes the files and the signature to a new folder, and the public key beside it. */
  async export(
    context: JobContext,
    input: { reference: string; dir: string },
  ): Promise<{ dir: string; files: string[]; publicKey: string }> {
    const row = this.#resolve(input.reference);
    const { files, verification } = await this.#readAndVerify(row);
    const key = this.#keys.publicKey();
    if (!verification.verified || !key) throw signatureInvalid(row, verification);
    const folder = path.resolve(input.dir);
    // What leaves in the clear is on record before it leaves.
    this.#store.transaction(() =>
      this.#options.audit.append({
        action: 'model.export',
        object: `model/${row.model}:${row.version}`,
        details: { digest: row.digest, folder },
      }),
    );
    await exportFolder(
      folder,
      [...files].map(([filePath, bytes]) => ({ path: filePath, bytes })),
      context.signal,
    );
    const publicKey = `${folder}.pub.pem`;
    await writeFile(publicKey, key.publicKeyPem);
    return { dir: folder, files: [...files.keys()].sort(), publicKey };
  }

  async #verify(row: VersionRow): Promise<ModelVerification> {
    return (await this.#readAndVerify(row)).verification;
  }

  #readAndVerify(row: VersionRow): Promise<SignedFiles> {
    return readSignedFiles({
      blobs: this.#options.blobs,
      files: this.#fileRows(row).map(({ path: filePath, blob_id }) => ({ path: filePath, blob: blob_id })),
      key: this.#keys.publicKey(),
      digest: row.digest,
    });
  }

  #resolve(reference: string): VersionRow {
    const parsed = parseModelReference(reference);
    if (parsed.kind === 'version') return this.#versionRow(parsed.name, parsed.version);
    if (parsed.kind === 'alias') {
      const target = this.#store
        .statement<{ version: number }>(`SELECT version FROM registry_alias WHERE model = ? AND alias = ?`)
        .get(parsed.name, parsed.alias);
      if (!target) throw this.#noAlias(this.#model(parsed.name), parsed.alias);
      return this.#versionRow(parsed.name, target.version);
    }
    const row = this.#store
      .statement<VersionRow>(`SELECT * FROM registry_version WHERE model = ? ORDER BY version DESC LIMIT 1`)
      .get(parsed.name);
    if (!row) throw this.#noModel(parsed.name);
    return row;
  }

  #versionRow(name: string, version: number): VersionRow {
    const row = this.#store
      .statement<VersionRow>(`SELECT * FROM registry_version WHERE model = ? AND version = ?`)
      .get(name, version);
    if (row) return row;
    throw new FalajError('NOT_FOUND', `The model ${name} has no version ${version}.`, {
      hint: `Its newest version is ${this.#model(name).latestVersion}.`,
    });
  }

  #noModel(name: string): FalajError {
    const known = this.#store.statement<{ name: string }>(`SELECT name FROM registry_model`).all();
    return new FalajError('NOT_FOUND', `There is no model ${name}.`, {
      hint: nearestHint(
        name,
        known.map((model) => model.name),
        'See `falaj models ls`.',
      ),
    });
  }

  #noAlias(model: Model, alias: string): FalajError {
    const known = Object.keys(model.aliases);
    return new FalajError('NOT_FOUND', `The model ${model.name} has no alias ${alias}.`, {
      hint: nearestHint(
        alias,
        known,
        known.length === 0 ? 'It has none yet.' : `It has: ${known.join(', ')}.`,
      ),
    });
  }

  #fileRows(row: VersionRow): FileRow[] {
    return this.#store
      .statement<FileRow>(
        `SELECT path, blob_id, digest, size_bytes FROM registry_file WHERE model = ? AND version = ? ORDER BY path`,
      )
      .all(row.model, row.version);
  }

  #aliasesOf(row: VersionRow): string[] {
    return this.#store
      .statement<{ alias: string }>(
        `SELECT alias FROM registry_alias WHERE model = ? AND version = ? ORDER BY alias`,
      )
      .all(row.model, row.version)
      .map(({ alias }) => alias);
  }

  #setAlias(name: string, alias: string, version: number): void {
    const before = this.#store
      .statement<{ version: number }>(`SELECT version FROM registry_alias WHERE model = ? AND alias = ?`)
      .get(name, alias);
    this.#store
      .statement(
        `INSERT INTO registry_alias (model, alias, version) VALUES (?, ?, ?) ON CONFLICT (model, alias) DO UPDATE SET version = excluded.version`,
      )
      .run(name, alias, version);
    this.#options.audit.append({
      action: 'model.alias',
      object: `model/${name}:${version}`,
      details: { alias, from: before?.version ?? null, to: version },
    });
  }

  #touch(name: string): void {
    this.#store
      .statement(`UPDATE registry_model SET updated_at = ? WHERE name = ?`)
      .run(this.#options.clock(), name);
  }

  #model(name: string): Model {
    const row = this.#store
      .statement<{ updated_at: number }>(`SELECT updated_at FROM registry_model WHERE name = ?`)
      .get(name);
    if (!row) throw this.#noModel(name);
    const versions = this.#store
      .statement<{ version: number; metadata: string }>(
        `SELECT version, metadata FROM registry_version WHERE model = ? ORDER BY version DESC`,
      )
      .all(name);
    const aliases = this.#store
      .statement<{ alias: string; version: number }>(
        `SELECT alias, version FROM registry_alias WHERE model = ? ORDER BY alias`,
      )
      .all(name);
    const latest = versions[0];
    return {
      name,
      versions: versions.length,
      latestVersion: latest?.version ?? 0,
      aliases: Object.fromEntries(aliases.map(({ alias, version }) => [alias, version])),
      updatedAt: new Date(row.updated_at).toISOString(),
      metrics: latest ? modelMetadata.parse(JSON.parse(latest.metadata)).metrics : {},
    };
  }

  #version(row: VersionRow, verified: boolean): ModelVersion {
    const metadata = modelMetadata.parse(JSON.parse(row.metadata));
    const files = this.#fileRows(row);
    return {
      name: row.model,
      version: row.version,
      digest: row.digest,
      aliases: this.#aliasesOf(row),
      signature: { inputs: metadata.inputs, outputs: metadata.outputs },
      signed: files.some((file) => file.path === SIGNATURE_FILE),
      verified,
      metrics: metadata.metrics,
      lineage: {
        run: row.run_id,
        datasets: metadata.datasets,
        service: metadata.training?.service ?? null,
        training: metadata.training?.name ?? null,
      },
      files: files.map((file) => ({ path: file.path, sizeBytes: file.size_bytes, digest: file.digest })),
      framework: metadata.framework,
      columns: metadata.features.map(({ name, type }) => ({ name, type })),
      createdAt: new Date(row.created_at).toISOString(),
    };
  }
}

/** A signature over a folder, with the public key that it holds under. */
export interface FolderSignature extends SigningKey {
  readonly signature: string;
  readonly digest: string;
}

interface StagedFile {
  readonly path: string;
  readonly blob: StagedBlob;
}

interface VersionRow {
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly metadata: string;
  readonly run_id: string | null;
  readonly created_at: number;
}

interface FileRow {
  readonly path: string;
  readonly blob_id: string;
  readonly digest: string;
  readonly size_bytes: number;
}

const blobOwner = (model: string, version: number, file: string): string =>
  `model/${model}:${version}/${file}`;

function signatureInvalid(row: VersionRow, verification: ModelVerification): FalajError {
  return new FalajError(
    'SIGNATURE_INVALID',
    `${row.model}:${row.version} is not as it was signed: ${verification.reason}`,
    {
      hint: 'Restore the workspace from a backup, or train the model again.',
      details: { files: verification.files.filter((file) => file.status !== 'ok').map((file) => file.path) },
    },
  );
}
