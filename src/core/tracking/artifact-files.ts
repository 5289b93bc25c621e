import { FalajError } from '../../shared/errors.ts';
import type { AuditLog } from '../audit/index.ts';
import type { BlobStore, Store } from '../store/index.ts';

/** Whose files they are: those of a run, or of a logged model. */
export interface ArtifactOwner {
  readonly kind: 'run' | 'model';
  readonly id: string;
}

export interface ArtifactFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly digest: string;
}

/** One entry of a folder. `path` is relative to the owner. */
export interface ArtifactEntry {
  readonly path: string;
  readonly isFolder: boolean;
  readonly sizeBytes: number;
}

interface FileRow {
  readonly path: string;
  readonly blob_id: string;
  readonly size_bytes: number;
  readonly digest: string;
}

const PATH_LIMIT = 1000;

/** True for a relative path without climbing, empty parts, backslashes, drive letters or NUL. */
export const isArtifactPath = (path: string): boolean =>
  path.length <= PATH_LIMIT &&
  !/[\\\0]/.test(path) &&
  !/^[A-Za-z]:/.test(path) &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

/** @throws BAD_NAME unless the path is one of {@link isArtifactPath}. */
export function requireArtifactPath(path: string): void {
  if (!isArtifactPath(path))
    throw new FalajError('BAD_NAME', `${JSON.stringify(path)} is not a relative path.`);
}

/** What lies right in a folder, files and folders, by name. `''` is the top. */
export function folderEntries(
  files: readonly Pick<ArtifactFile, 'path' | 'sizeBytes'>[],
  folder: string,
): ArtifactEntry[] {
  const start = folder === '' ? '' : `${folder}/`;
  const entries = new Map<string, ArtifactEntry>();
  for (const file of files) {
    if (!file.path.startsWith(start)) continue;
    const [name, ...deeper] = file.path.slice(start.length).split('/');
    const path = `${start}${name!}`;
    const isFolder = deeper.length > 0;
    entries.set(path, { path, isFolder, sizeBytes: isFolder ? 0 : file.sizeBytes });
  }
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Files of runs and logged models, kept encrypted; the same path again replaces the file. */
export class ArtifactFiles {
  readonly #store: Store;
  readonly #blobs: BlobStore;
  readonly #audit: AuditLog;

  constructor(parts: { store: Store; blobs: BlobStore; audit: AuditLog }) {
    this.#store = parts.store;
    this.#blobs = parts.blobs;
    this.#audit = parts.audit;
  }

  /** Streams the content to an encrypted file; only a whole one is ever seen. */
  async put(
    owner: ArtifactOwner,
    path: string,
    content: AsyncIterable<Uint8Array> | Uint8Array,
    signal?: AbortSignal,
  ): Promise<void> {
    requireArtifactPath(path);
    this.#requireOwner(owner);
    const staged = await this.#blobs.write(content, signal ? { signal } : {});
    const { table, column } = tableOf(owner);
    try {
      this.#store.transaction(() => {
        this.#requireOwner(owner);
        this.#refuseClash(owner, path);
        const before = this.#row(owner, path);
        if (before) this.#blobs.release(before.blob_id, blobOwner(owner, path));
        this.#blobs.adopt(staged, blobOwner(owner, path));
        this.#store
          .statement(
            `INSERT INTO ${table} (${column}, path, blob_id, digest, size_bytes) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (${column}, path) DO UPDATE SET blob_id = excluded.blob_id, digest = excluded.digest, size_bytes = excluded.size_bytes`,
          )
          .run(owner.id, path, staged.id, staged.sha256, staged.sizeBytes);
        this.#record('run.artifact', owner, { path, digest: staged.sha256 });
      });
    } catch (error) {
      this.#blobs.discard(staged);
      throw error;
    }
  }

  /**
   * The stream is decrypted and checked chunk by chunk.
   *
   * @throws NOT_FOUND.
   */
  open(
    owner: ArtifactOwner,
    path: string,
  ): { sizeBytes: number; read(signal?: AbortSignal): AsyncIterable<Buffer> } {
    const row = this.#row(owner, path);
    if (!row) throw new FalajError('NOT_FOUND', `The ${owner.kind} ${owner.id} has no artifact ${path}.`);
    return {
      sizeBytes: row.size_bytes,
      read: (signal) => this.#blobs.read(row.blob_id, signal ? { signal } : {}),
    };
  }

  readAll(owner: ArtifactOwner, path: string): Promise<Buffer> {
    const row = this.#row(owner, path);
    if (!row) throw new FalajError('NOT_FOUND', `The ${owner.kind} ${owner.id} has no artifact ${path}.`);
    return this.#blobs.readAll(row.blob_id);
  }

  /** Entries right in a folder, files and folders, by name; none for a folder that there is not. `''` is the top. */
  list(owner: ArtifactOwner, folder: string): ArtifactEntry[] {
    const start = folder === '' ? '' : `${folder}/`;
    const rows = this.#within(owner, start);
    return folderEntries(
      rows.map((row) => ({ path: row.path, sizeBytes: row.size_bytes })),
      folder,
    );
  }

  /** Every file below a folder with where its content is kept; paths are relative to the folder. `''` is the top. */
  below(
    owner: ArtifactOwner,
    folder: string,
  ): { path: string; blob: string; digest: string; sizeBytes: number }[] {
    const start = folder === '' ? '' : `${folder}/`;
    return this.#within(owner, start).map((row) => ({
      path: row.path.slice(start.length),
      blob: row.blob_id,
      digest: row.digest,
      sizeBytes: row.size_bytes,
    }));
  }

  /**
   * Removes a file, or a folder with all that is in it.
   *
   * @throws NOT_FOUND when there is neither.
   */
  remove(owner: ArtifactOwner, path: string): void {
    const { table, column } = tableOf(owner);
    this.#store.transaction(() => {
      const own = this.#row(owner, path);
      const rows = [...(own ? [own] : []), ...this.#within(owner, `${path}/`)];
      if (rows.length === 0)
        throw new FalajError('NOT_FOUND', `The ${owner.kind} ${owner.id} has no artifact ${path}.`);
      for (const row of rows) {
        this.#blobs.release(row.blob_id, blobOwner(owner, row.path));
        this.#store
          .statement(`DELETE FROM ${table} WHERE ${column} = ? AND path = ?`)
          .run(owner.id, row.path);
      }
      this.#record('run.artifact-remove', owner, { path });
    });
  }

  /** Lets go of all files of an owner that is about to be removed, inside its transaction. */
  releaseAll(owner: ArtifactOwner): void {
    const { table, column } = tableOf(owner);
    for (const row of this.#within(owner, '')) this.#blobs.release(row.blob_id, blobOwner(owner, row.path));
    this.#store.statement(`DELETE FROM ${table} WHERE ${column} = ?`).run(owner.id);
  }

  #within(owner: ArtifactOwner, start: string): FileRow[] {
    const { table, column } = tableOf(owner);
    return this.#store
      .statement<FileRow>(
        `SELECT path, blob_id, digest, size_bytes FROM ${table} WHERE ${column} = ? AND substr(path, 1, length(?)) = ? ORDER BY path`,
      )
      .all(owner.id, start, start);
  }

  #row(owner: ArtifactOwner, path: string): FileRow | undefined {
    const { table, column } = tableOf(owner);
    return this.#store
      .statement<FileRow>(
        `SELECT path, blob_id, digest, size_bytes FROM ${table} WHERE ${column} = ? AND path = ?`,
      )
      .get(owner.id, path);
  }

  /** One name is a file or a folder, not both: clients write them to a disk. */
  #refuseClash(owner: ArtifactOwner, path: string): void {
    const parts = path.split('/');
    const parents = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
    const file = parents.find((parent) => this.#row(owner, parent) !== undefined);
    if (file !== undefined)
      throw new FalajError('BAD_NAME', `${file} is a file, and ${path} would lie in it.`);
    if (this.#within(owner, `${path}/`).length > 0)
      throw new FalajError('BAD_NAME', `${path} is a folder already.`);
  }

  #requireOwner(owner: ArtifactOwner): void {
    const table = owner.kind === 'run' ? 'tracking_run' : 'tracking_logged_model';
    if (this.#store.statement(`SELECT 1 FROM ${table} WHERE id = ?`).get(owner.id) === undefined)
      throw new FalajError('NOT_FOUND', `There is no ${owner.kind} ${owner.id}.`);
  }

  #record(action: string, owner: ArtifactOwner, details: Readonly<Record<string, string>>): void {
    const object = owner.kind === 'run' ? `run/${owner.id}` : `logged-model/${owner.id}`;
    this.#audit.append({ action, object, details });
  }
}

const tableOf = ({ kind }: ArtifactOwner): { table: string; column: string } =>
  kind === 'run'
    ? { table: 'tracking_artifact', column: 'run_id' }
    : { table: 'tracking_logged_model_artifact', column: 'model_id' };

const blobOwner = ({ kind, id }: ArtifactOwner, path: string): string =>
  `${kind === 'run' ? 'run' : 'logged-model'}/${id}/${path}`;
