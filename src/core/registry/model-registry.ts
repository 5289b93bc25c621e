import type { ChangedRoom, Model, ModelVerification, ModelVersion } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { type DigestedFile, signModel } from '../../trust/model-signature/index.ts';
import type { AuditLog } from '../audit/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { BlobStore, Store } from '../store/index.ts';
import { exportVersion } from './export-version.ts';
import { FOLDER_METADATA_FILE, type FolderMetadata, isServable } from './folder-metadata.ts';
import { ModelLabels } from './model-labels.ts';
import { type ModelMetadata, modelMetadata } from './model-metadata.ts';
import { ModelNames } from './model-names.ts';
import { ModelTable, metadataOf } from './model-table.ts';
import { type Found, type RegistrySearchInput, searchModels, searchVersions } from './registry-search.ts';
import { type SecretSealer, type SigningKey, SigningKeyStore } from './signing-key.ts';
import { VersionFiles } from './version-files.ts';
import { type KeptFile, type NewVersion, VersionWriter } from './version-writer.ts';

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

/** A folder of files that the workspace keeps already, such as a run's artifacts. */
export interface RegisterFolder
  extends Pick<NewVersion, 'name' | 'run' | 'source' | 'description' | 'tags' | 'confirm'> {
  readonly files: readonly KeptFile[];
  readonly metadata: FolderMetadata;
}

export interface CopyVersion extends Pick<NewVersion, 'source' | 'description' | 'tags'> {
  readonly from: { readonly name: string; readonly version: number };
  readonly name: string;
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
const LOOK_LIMIT_BYTES = 256 * 1024 * 1024;

/** Models, their signed versions, the aliases that point at them and what is said of them. */
export class ModelRegistry {
  readonly #options: RegistryOptions;
  readonly #store: Store;
  readonly #table: ModelTable;
  readonly #keys: SigningKeyStore;
  readonly #writer: VersionWriter;
  readonly labels: ModelLabels;
  readonly names: ModelNames;
  readonly files: VersionFiles;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#table = new ModelTable(options.store);
    this.#keys = new SigningKeyStore(options);
    const parts = { ...options, table: this.#table, keys: this.#keys };
    this.#writer = new VersionWriter(parts);
    this.labels = new ModelLabels(parts);
    this.names = new ModelNames(parts);
    this.files = new VersionFiles(parts);
  }

  list(): Model[] {
    return this.#table.models();
  }

  /** Throws NOT_FOUND with the nearest name. */
  model(name: string): Model {
    return this.#table.model(name);
  }

  /** Newest first. The signatures are not checked here: `verified` is false. */
  versions(input: { name: string }): ModelVersion[] {
    return this.#table.versions(input.name).map((row) => this.#table.describe(row, false));
  }

  /** As {@link versions}, of each stage that one stands in the newest. */
  newestByStage(name: string): ModelVersion[] {
    return this.#table.newestByStage(name).map((row) => this.#table.describe(row, false));
  }

  /** As {@link versions}, of one of them. */
  version(name: string, version: number): ModelVersion {
    return this.#table.describe(this.#table.version(name, version), false);
  }

  searchModels(input: RegistrySearchInput): Found<Model> {
    const found = searchModels(this.#store, input);
    return { ...found, items: found.items.map((name) => this.#table.model(name)) };
  }

  searchVersions(input: RegistrySearchInput): Found<ModelVersion> {
    const found = searchVersions(this.#store, input);
    return { ...found, items: found.items.map(({ model, version }) => this.version(model, version)) };
  }

  /** The version with its signature checked against the stored bytes, unless reading them would take longer than a look may. */
  async get(input: { reference: string }): Promise<ModelVersion> {
    const row = this.#table.resolve(input.reference);
    const sizeBytes = this.files.all(row).reduce((sum, file) => sum + file.sizeBytes, 0);
    if (sizeBytes > LOOK_LIMIT_BYTES) return this.#table.describe(row, false);
    const { verification } = await this.files.check(row);
    return this.#table.describe(row, verification.verified);
  }

  /** Reads all of a version's bytes anew, however many, and checks its signature against them. */
  async verify(
    { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
    input: { reference: string },
  ): Promise<ModelVerification> {
    const { verification } = await this.files.check(this.#table.resolve(input.reference), [], {
      signal,
      onProgress: (fraction, detail) => progress({ step: 'verify', fraction, detail }),
    });
    return verification;
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
      const from = this.#table.pointAlias(input.name, input.alias, input.version);
      this.#table.names.touch(input.name, this.#options.clock());
      this.#options.audit.append({
        action: 'model.alias',
        object: `model/${input.name}:${input.version}`,
        details: { alias: input.alias, from, to: input.version },
      });
    });
    this.#options.notify('models');
    return this.#table.model(input.name);
  }

  /** Throws NOT_FOUND when the model has no such alias. */
  removeAlias(input: { name: string; alias: string }): Model {
    this.#store.transaction(() => {
      const from = this.#table.removeAlias(input.name, input.alias);
      this.#table.names.touch(input.name, this.#options.clock());
      this.#options.audit.append({
        action: 'model.alias.remove',
        object: `model/${input.name}:${from}`,
        details: { alias: input.alias, from, to: null },
      });
    });
    this.#options.notify('models');
    return this.#table.model(input.name);
  }

  remove(input: { name: string; version: number }): { removed: true } {
    this.#store.transaction(() => {
      const row = this.#table.version(input.name, input.version);
      const aliases = this.#table.aliases(row);
      if (aliases.length > 0) {
        throw new FalajError(
          'CONFLICT',
          `${input.name}:${input.version} carries the alias ${aliases.join(', ')}.`,
          {
            hint: `Move the alias first: falaj models alias ${input.name} ${aliases[0]} VERSION, or --remove instead.`,
          },
        );
      }
      this.names.removeVersion(row);
    });
    this.#options.notify('models');
    return { removed: true };
  }

  /** The model with all its versions and aliases. */
  removeModel(input: { name: string }): { removed: true } {
    return this.names.remove(input.name);
  }

  /** Signs an ONNX model and keeps it as its model's next version: all of it, or nothing. */
  async register(input: RegisterModel): Promise<ModelVersion> {
    const { model, ...version } = input;
    const metadata = modelMetadata.parse(input.metadata);
    const row = await this.#writer.write({
      ...version,
      metadata,
      source: null,
      kept: [],
      written: [
        { path: METADATA_FILE, bytes: Buffer.from(`${JSON.stringify(metadata, null, 2)}\n`, 'utf8') },
        { path: MODEL_FILE, bytes: model },
      ],
    });
    this.#options.notify('models');
    const { verification } = await this.files.check(row);
    return this.#table.describe(row, verification.verified);
  }

  /**
   * Signs a folder by the digests that its files were written with and keeps it as the next version of a model that is there.
   * Nothing is copied or read, so that a folder of any size takes no time; `verified` is false.
   */
  async registerFolder(input: RegisterFolder): Promise<ModelVersion> {
    const { files, metadata, ...version } = input;
    this.#table.names.get(input.name);
    if (files.some((file) => file.path === FOLDER_METADATA_FILE))
      throw new FalajError(
        'BAD_NAME',
        `The folder holds a file ${FOLDER_METADATA_FILE}, as only registered ones do.`,
        {
          hint: 'To register a version once more, copy it: its source is models:/NAME/VERSION.',
        },
      );
    const row = await this.#writer.write({
      ...version,
      metadata,
      kept: files,
      written: [
        { path: FOLDER_METADATA_FILE, bytes: Buffer.from(`${JSON.stringify(metadata, null, 2)}\n`, 'utf8') },
      ],
    });
    this.#options.notify('models');
    return this.#table.describe(row, false);
  }

  /** The same files with the same digest as a version of another model, signed under its name. Nothing is copied or read. */
  async copy(input: CopyVersion): Promise<ModelVersion> {
    const { from, ...version } = input;
    this.#table.names.get(input.name);
    const original = this.#table.version(from.name, from.version);
    await this.files.requireSignature(original);
    const row = await this.#writer.write({
      ...version,
      metadata: metadataOf(original),
      run: original.run_id,
      kept: this.files.signed(original),
      written: [],
      confirm: () => void this.#table.version(from.name, from.version),
    });
    this.#options.notify('models');
    return this.#table.describe(row, false);
  }

  /** The ONNX model and how to feed it. What is not as it was signed, or is no such model, is never handed out. */
  async load(input: { reference: string }): Promise<LoadedModel> {
    const row = this.#table.resolve(input.reference);
    const metadata = metadataOf(row);
    if (!isServable(metadata))
      throw new FalajError(
        'NOT_SERVABLE',
        `${row.model}:${row.version} is a folder of ${metadata.framework}: only ONNX models trained here are run here.`,
        {
          hint: `Load it in Python with mlflow.pyfunc.load_model("models:/${row.model}/${row.version}"), or write it out with falaj models export.`,
          details: { framework: metadata.framework, flavors: metadata.flavors },
        },
      );
    const { kept, verification } = await this.files.check(row, [MODEL_FILE]);
    const model = kept.get(MODEL_FILE);
    if (!verification.verified || !model) throw this.files.invalid(row, verification);
    return { name: row.model, version: row.version, digest: row.digest, model, metadata };
  }

  /** Writes the files and the signature to a new folder, and the public key beside it. */
  async export(
    context: JobContext,
    input: { reference: string; dir: string },
  ): Promise<{ dir: string; files: string[]; publicKey: string }> {
    return exportVersion(
      { ...this.#options, files: this.files, key: this.#keys.publicKey() },
      context,
      this.#table.resolve(input.reference),
      input.dir,
    );
  }
}

/** A signature over a folder, with the public key that it holds under. */
export interface FolderSignature extends SigningKey {
  readonly signature: string;
  readonly digest: string;
}
