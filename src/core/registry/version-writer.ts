import { FalajError } from '../../shared/errors.ts';
import { SIGNATURE_FILE, signModel, USUAL_IGNORED_PATHS } from '../../trust/model-signature/index.ts';
import type { AuditLog } from '../audit/index.ts';
import type { BlobStore, StagedBlob, Store } from '../store/index.ts';
import type { VersionMetadata } from './folder-metadata.ts';
import type { ModelTable, VersionRow } from './model-table.ts';
import { sha256 } from './signed-files.ts';
import type { SigningKeyStore } from './signing-key.ts';

/** Content that the workspace keeps already; a version shares it and copies nothing. */
export interface KeptFile {
  readonly path: string;
  readonly blob: string;
  /** SHA-256, taken while the content was written. */
  readonly digest: string;
  readonly sizeBytes: number;
}

export interface NewVersion {
  readonly name: string;
  readonly metadata: VersionMetadata;
  readonly run: string | null;
  readonly source: string | null;
  readonly kept: readonly KeptFile[];
  readonly written: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  readonly alias?: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Inside the transaction: throws when what the version is made of has changed meanwhile. */
  readonly confirm?: () => void;
}

interface StagedFile {
  readonly path: string;
  readonly blob: StagedBlob;
}

export const blobOwner = (model: string, version: number, file: string): string =>
  `model/${model}:${version}/${file}`;

/** Signs files and keeps them as a model's next version: all of it, or nothing. */
export class VersionWriter {
  readonly #parts: {
    readonly store: Store;
    readonly blobs: BlobStore;
    readonly audit: AuditLog;
    readonly table: ModelTable;
    readonly keys: SigningKeyStore;
    readonly clock: () => number;
  };

  constructor(parts: {
    store: Store;
    blobs: BlobStore;
    audit: AuditLog;
    table: ModelTable;
    keys: SigningKeyStore;
    clock: () => number;
  }) {
    this.#parts = parts;
  }

  async write(input: NewVersion): Promise<VersionRow> {
    const { blobs, keys } = this.#parts;
    for (const { path } of [...input.kept, ...input.written]) refuseUnsigned(path);
    const signed = keys.use((privateKeyPem) =>
      signModel({
        folderName: input.name,
        files: [
          ...input.kept.map(({ path, digest }) => ({ path, sha256: digest })),
          ...input.written.map(({ path, bytes }) => ({ path, sha256: sha256(bytes) })),
        ],
        privateKeyPem,
      }),
    );
    const staged: StagedFile[] = [];
    try {
      const signature = { path: SIGNATURE_FILE, bytes: Buffer.from(signed.signature, 'utf8') };
      for (const { path, bytes } of [...input.written, signature])
        staged.push({ path, blob: await blobs.write(bytes, input.signal ? { signal: input.signal } : {}) });
      input.signal?.throwIfAborted();
      return this.#insert(input, signed.digest, staged);
    } catch (error) {
      for (const { blob } of staged) blobs.discard(blob);
      throw error;
    }
  }

  #insert(input: NewVersion, digest: string, staged: readonly StagedFile[]): VersionRow {
    const { store, blobs, audit, table, clock } = this.#parts;
    return store.transaction(() => {
      input.confirm?.();
      const now = clock();
      const row: VersionRow = {
        model: input.name,
        version: table.names.nextVersion(input.name),
        digest,
        metadata: JSON.stringify(input.metadata),
        run_id: input.run,
        created_at: now,
        source: input.source,
        updated_at: now,
        description: input.description ?? '',
        stage: 'None',
      };
      table.insert(row);
      for (const { path, blob } of staged) {
        blobs.adopt(blob, blobOwner(row.model, row.version, path));
        table.insertFile(row, { path, blob_id: blob.id, digest: blob.sha256, size_bytes: blob.sizeBytes });
      }
      for (const file of input.kept) {
        blobs.share(file.blob, blobOwner(row.model, row.version, file.path));
        table.insertFile(row, {
          path: file.path,
          blob_id: file.blob,
          digest: file.digest,
          size_bytes: file.sizeBytes,
        });
      }
      for (const [key, value] of Object.entries(input.tags ?? {}))
        table.tags.set({ name: row.model, version: row.version }, key, value);
      audit.append({
        action: 'model.register',
        object: `model/${row.model}:${row.version}`,
        details: {
          digest,
          ...(input.run ? { run: input.run } : {}),
          ...(input.source ? { source: input.source } : {}),
        },
      });
      if (input.alias !== undefined) {
        const from = table.pointAlias(row.model, input.alias, row.version);
        audit.append({
          action: 'model.alias',
          object: `model/${row.model}:${row.version}`,
          details: { alias: input.alias, from, to: row.version },
        });
      }
      return row;
    });
  }
}

/** Verifiers leave some names out: what lay under them would look vouched for and be not. */
function refuseUnsigned(path: string): void {
  const ignored = USUAL_IGNORED_PATHS.find((name) => path === name || path.startsWith(`${name}/`));
  if (ignored === undefined) return;
  throw new FalajError('BAD_NAME', `A model cannot hold ${ignored}: a signature does not cover it.`, {
    hint: 'Log the model without it.',
  });
}
