import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ChangedRoom, Model, ModelVerification, ModelVersion } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { type DigestedFile, SIGNATURE_FILE, signModel } from '../../trust/model-signature/index.ts';
import type { AuditLog } from '../audit/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { BlobStore, StagedBlob, Store } from '../store/index.ts';
import { type ExportedFile, exportFolder } from './export-folder.ts';
import { type ModelMetadata, modelMetadata } from './model-metadata.ts';
import { ModelTable, metadataOf, type VersionRow } from './model-table.ts';
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
  readonly #table: ModelTable;
  readonly #keys: SigningKeyStore;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#table = new ModelTable(options.store);
    this.#keys = new SigningKeyStore(options);
  }

  list(): Model[] {
    return this.#table.models();
  }

  /** Newest first. The signatures are not checked here: `verified` is false. */
  versions(input: { name: string }): ModelVersion[] {
    return this.#table.versions(input.name).map((row) => this.#table.describe(row, false));
  }

  /** The version with its signature checked against the stored bytes. */
  async get(input: { reference: string }): Promise<ModelVersion> {
    const row = this.#table.resolve(input.reference);
    const { verified } = await this.#verify(row);
    return this.#table.describe(row, verified);
  }

  async verify(input: { reference: string }): Promise<ModelVerification> {
    return this.#verify(this.#table.resolve(input.reference));
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
      this.#table.version(input.name, input.version);
      this.#setAlias(input.name, input.alias, input.version);
      this.#table.touch(input.name, this.#options.clock());
    });
    this.#options.notify('models');
    return this.#table.model(input.name);
  }

  remove(input: { name: string; version: number }): { removed: true } {
    const { blobs, audit, notify } = this.#options;
    this.#store.transaction(() => {
      const row = this.#table.version(input.name, input.version);
      const aliases = this.#table.aliases(row);
      if (aliases.length > 0) {
        throw new FalajError(
          'CONFLICT',
          `${input.name}:${input.version} carries the alias ${aliases.join(', ')}.`,
          {
            hint: `Move the alias first: falaj models alias ${input.name} ${aliases[0]} VERSION`,
          },
        );
      }
      for (const file of this.#table.files(row))
        blobs.release(file.blob_id, blobOwner(row.model, row.version, file.path));
      this.#table.remove(row);
      this.#table.touch(row.model, this.#options.clock());
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
    return this.#table.describe(row, verified);
  }

  #insertVersion(
    input: RegisterModel,
    metadata: ModelMetadata,
    digest: string,
    staged: readonly StagedFile[],
  ): VersionRow {
    const { blobs, audit, clock } = this.#options;
    return this.#store.transaction(() => {
      const row: VersionRow = {
        model: input.name,
        version: this.#table.nextVersion(input.name),
        digest,
        metadata: JSON.stringify(metadata),
        run_id: input.run,
        created_at: clock(),
      };
      this.#table.insert(row);
      for (const { path: filePath, blob } of staged) {
        blobs.adopt(blob, blobOwner(row.model, row.version, filePath));
        this.#table.insertFile(row, {
          path: filePath,
          blob_id: blob.id,
          digest: blob.sha256,
          size_bytes: blob.sizeBytes,
        });
      }
      audit.append({
        action: 'model.register',
        object: `model/${row.model}:${row.version}`,
        details: { digest, ...(input.run ? { run: input.run } : {}) },
      });
      if (input.alias !== undefined) this.#setAlias(row.model, input.alias, row.version);
      return row;
    });
  }

  /** The bytes to run. A version whose signature does not hold is never handed out. */
  async load(input: { reference: string }): Promise<LoadedModel> {
    const row = this.#table.resolve(input.reference);
    const { files, verification } = await this.#readAndVerify(row);
    const model = files.get(MODEL_FILE);
    if (!verification.verified || !model) throw signatureInvalid(row, verification);
    return {
      name: row.model,
      version: row.version,
      digest: row.digest,
      model,
      metadata: metadataOf(row),
    };
  }

  /** Writes the files and the signature to a new folder, and the public key beside it. */
  async export(
    context: JobContext,
    input: { reference: string; dir: string },
  ): Promise<{ dir: string; files: string[]; publicKey: string }> {
    const row = this.#table.resolve(input.reference);
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
      files: this.#table.files(row).map(({ path: filePath, blob_id }) => ({ path: filePath, blob: blob_id })),
      key: this.#keys.publicKey(),
      digest: row.digest,
    });
  }

  #setAlias(name: string, alias: string, version: number): void {
    const from = this.#table.pointAlias(name, alias, version);
    this.#options.audit.append({
      action: 'model.alias',
      object: `model/${name}:${version}`,
      details: { alias, from, to: version },
    });
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
