import { createHash, randomBytes } from 'node:crypto';
import { FalajError } from '../../../shared/errors.ts';
import {
  DATA_KEY_BYTES,
  DEFAULT_CHUNK_BYTES,
  FILE_ID_BYTES,
  layoutOfContent,
  NONCE_PREFIX_BYTES,
  SealedWriter,
} from '../../../trust/sealed-file/index.ts';
import { diskError } from '../durable-file.ts';
import type { Store } from '../store.ts';
import { BlobFiles } from './blob-files.ts';
import { BlobKeys } from './blob-keys.ts';
import { type BlobRow, BlobTable } from './blob-table.ts';
import { cutIntoChunks } from './chunked.ts';
import { ContentPieces } from './content-pieces.ts';
import { BLOB_FILE_VERSION, blobMissing, OpenBlob } from './open-blob.ts';
import { writeFully } from './write-fully.ts';

/** Content that is durable on disk but that nothing refers to yet. */
export interface StagedBlob {
  /** Address: an HMAC of the content's hash, and the name of the file. */
  readonly id: string;
  /** SHA-256 of the content, hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly storedBytes: number;
}

/**
 * Large immutable content, encrypted under a key of its own and addressed by what it is. Content is written first and
 * adopted inside the transaction that makes use of it; a crash in between leaves a file that the next sweep removes.
 */
export interface BlobStore {
  write(
    source: AsyncIterable<Uint8Array> | Uint8Array,
    options?: { readonly signal?: AbortSignal },
  ): Promise<StagedBlob>;
  /** Records an owner; in a transaction. The same content is kept once, however many own it. */
  adopt(staged: StagedBlob, owner: string): void;
  /** Records a further owner of content that is kept; in a transaction. */
  share(id: string, owner: string): void;
  /** Gives up what was written and not adopted. */
  discard(staged: StagedBlob): void;
  /** Ends an ownership; in a transaction. Without owners the file goes once the transaction is durable. */
  release(id: string, owner: string): void;
  readAll(id: string): Promise<Buffer>;
  readRange(id: string, offset: number, length: number): Promise<Buffer>;
  /** All that these bytes lie in, as it is opened. */
  readPieces(id: string, offset: number, length: number): Promise<ContentPieces>;
  read(id: string, options?: { readonly signal?: AbortSignal }): AsyncIterable<Buffer>;
  /** Files that are missing, have another size, or were found damaged. Their content is not read. */
  incomplete(): string[];
  /** Removes files that no row refers to and left-over temporary files; gives their number. */
  sweep(): Promise<number>;
  usage(): { blobs: number; bytes: number };
  /** Zeroes the keys. */
  close(): void;
}

export interface BlobStoreOptions {
  readonly folder: string;
  readonly store: Store;
  /** Gives 32 bytes for a label; the blob store owns and zeroes what it is given. */
  readonly deriveKey: (label: string) => Buffer;
}

export const openBlobStore = (options: BlobStoreOptions): BlobStore => new FileBlobStore(options);

/** Content in a durable file that has no place yet. */
interface SealedContent {
  readonly temporary: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

class FileBlobStore implements BlobStore {
  readonly #folder: string;
  readonly #store: Store;
  readonly #table: BlobTable;
  readonly #files: BlobFiles;
  readonly #keys: BlobKeys;
  /** Rows of staged blobs until they are adopted; the sweep and other writers of the same content see them here. */
  readonly #staged = new Map<StagedBlob, BlobRow>();
  /** The first damage found in a blob: nothing more of it is served. */
  readonly #damaged = new Map<string, FalajError>();
  #closed = false;

  constructor({ folder, store, deriveKey }: BlobStoreOptions) {
    this.#folder = folder;
    this.#store = store;
    this.#table = new BlobTable(store);
    this.#files = new BlobFiles(folder);
    this.#keys = new BlobKeys(deriveKey);
  }

  async write(
    source: AsyncIterable<Uint8Array> | Uint8Array,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<StagedBlob> {
    this.#assertOpen();
    const dataKey = randomBytes(DATA_KEY_BYTES);
    const fileId = randomBytes(FILE_ID_BYTES);
    try {
      const sealed = await this.#seal(
        source instanceof Uint8Array ? [source] : source,
        dataKey,
        fileId,
        options.signal,
      );
      try {
        return await this.#stage(sealed, dataKey, fileId);
      } catch (error) {
        this.#files.dropTemporary(sealed.temporary);
        throw error;
      }
    } catch (error) {
      throw diskError(error, this.#folder);
    } finally {
      dataKey.fill(0);
    }
  }

  adopt(staged: StagedBlob, owner: string): void {
    this.#assertTransaction();
    const row = this.#stagedRow(staged.id) ?? this.#table.get(staged.id);
    if (row === undefined) {
      throw new FalajError('INTERNAL', 'This content was given up before it was adopted.', {
        details: { blob: staged.id },
      });
    }
    this.#table.put(row);
    this.#table.addOwner(staged.id, owner);
    this.#store.afterCommit(() => this.#staged.delete(staged));
  }

  share(id: string, owner: string): void {
    this.#assertTransaction();
    if (this.#table.get(id) === undefined) throw blobMissing(id, this.#files.path(id));
    this.#table.addOwner(id, owner);
  }

  discard(staged: StagedBlob): void {
    this.#staged.delete(staged);
    this.#store.afterCommit(() => this.#removeIfUnneeded(staged.id));
  }

  release(id: string, owner: string): void {
    this.#assertTransaction();
    if (this.#table.removeOwner(id, owner)) this.#store.afterCommit(() => this.#removeIfUnneeded(id));
  }

  async readAll(id: string): Promise<Buffer> {
    const { size_bytes: length } = this.#row(id);
    return this.readRange(id, 0, length);
  }

  async readRange(id: string, offset: number, length: number): Promise<Buffer> {
    return (await this.readPieces(id, offset, length)).bytes(offset, length);
  }

  async readPieces(id: string, offset: number, length: number): Promise<ContentPieces> {
    const row = this.#row(id);
    if (
      !(
        Number.isInteger(offset) &&
        Number.isInteger(length) &&
        offset >= 0 &&
        length >= 0 &&
        offset + length <= row.size_bytes
      )
    ) {
      throw new FalajError(
        'BAD_INPUT',
        `Bytes ${offset} to ${offset + length} are outside content of ${row.size_bytes} bytes.`,
      );
    }
    return this.#withBlob(row, async (blob) => {
      const first = Math.floor(offset / blob.chunkBytes);
      const last = Math.min(
        blob.chunks - 1,
        Math.floor(Math.max(offset, offset + length - 1) / blob.chunkBytes),
      );
      const chunks: Buffer[] = [];
      for (let index = first; index <= last; index++) chunks.push(await blob.chunk(index));
      return new ContentPieces(first * blob.chunkBytes, chunks);
    });
  }

  async *read(id: string, options: { readonly signal?: AbortSignal } = {}): AsyncIterable<Buffer> {
    const row = this.#row(id);
    const blob = await this.#open(row);
    try {
      for (let index = 0; index < blob.chunks; index++) {
        assertRunning(options.signal);
        yield await blob.chunk(index);
      }
    } catch (error) {
      throw this.#remembered(error, id);
    } finally {
      await blob.close();
    }
  }

  incomplete(): string[] {
    this.#assertOpen();
    const missing: string[] = [];
    for (const row of this.#table.all()) {
      if (this.#damaged.has(row.id) || this.#files.sizeBytes(row.id) !== row.stored_bytes)
        missing.push(this.#files.path(row.id));
    }
    return missing;
  }

  async sweep(): Promise<number> {
    return this.#files.sweep((id) => this.#isNeeded(id));
  }

  usage(): { blobs: number; bytes: number } {
    return this.#table.usage();
  }

  close(): void {
    this.#closed = true;
    this.#keys.close();
  }

  /** Gives sealed content its place and its row. Whatever fails, nothing is left that would have to be swept. */
  async #stage(sealed: SealedContent, dataKey: Buffer, fileId: Buffer): Promise<StagedBlob> {
    this.#assertOpen();
    const id = this.#keys.address(sealed.sha256);
    await this.#files.prepare(id);
    this.#assertOpen();
    const fresh: BlobRow = {
      id,
      sha256: sealed.sha256,
      size_bytes: sealed.sizeBytes,
      stored_bytes: layoutOfContent(sealed.sizeBytes, DEFAULT_CHUNK_BYTES).storedBytes,
      file_id: fileId,
      data_key: this.#keys.wrap(dataKey, id, fileId),
    };
    // No waiting between this look and the rename: two writers of the same content must not both put a file there.
    const known = this.#soundRow(id);
    if (known) this.#files.dropTemporary(sealed.temporary);
    else {
      this.#files.publish(sealed.temporary, id);
      this.#damaged.delete(id);
      for (const [staged, row] of this.#staged) if (row.id === id) this.#staged.set(staged, fresh);
    }
    const row = known ?? fresh;
    const staged = Object.freeze({
      id,
      sha256: row.sha256,
      sizeBytes: row.size_bytes,
      storedBytes: row.stored_bytes,
    });
    this.#staged.set(staged, row);
    try {
      await this.#files.settle(id);
    } catch (error) {
      this.discard(staged);
      throw error;
    }
    return staged;
  }

  async #seal(
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    dataKey: Buffer,
    fileId: Buffer,
    signal: AbortSignal | undefined,
  ): Promise<SealedContent> {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const noncePrefix = randomBytes(NONCE_PREFIX_BYTES);
    const header = { fileId, fileVersion: BLOB_FILE_VERSION, chunkBytes: DEFAULT_CHUNK_BYTES, noncePrefix };
    const temporary = await this.#files.writeTemporary(async (handle) => {
      const writer = new SealedWriter(dataKey, header);
      // One write is under way while the next chunk is hashed and encrypted.
      let writing = settled(writeFully(handle, [writer.headerBytes]));
      try {
        for await (const { bytes, isLast } of cutIntoChunks(source, DEFAULT_CHUNK_BYTES)) {
          assertRunning(signal);
          hash.update(bytes);
          sizeBytes += bytes.length;
          const sealed = writer.next(bytes, isLast);
          rethrow(await writing);
          writing = settled(writeFully(handle, sealed));
        }
      } finally {
        // The file is closed by the caller: no write may still be under way then.
        await writing;
      }
      rethrow(await writing);
    });
    return { temporary, sha256: hash.digest('hex'), sizeBytes };
  }

  /** The row of content that is already kept and whose file is there in full. */
  #soundRow(id: string): BlobRow | undefined {
    const row = this.#stagedRow(id) ?? this.#table.get(id);
    const sound =
      row !== undefined && !this.#damaged.has(id) && this.#files.sizeBytes(id) === row.stored_bytes;
    return sound ? row : undefined;
  }

  #row(id: string): BlobRow {
    this.#assertOpen();
    const damage = this.#damaged.get(id);
    if (damage) throw damage;
    // What is written can be read before it is adopted: an import checks its rows before it keeps them.
    const row = this.#stagedRow(id) ?? this.#table.get(id);
    if (row === undefined) throw blobMissing(id, this.#files.path(id));
    return row;
  }

  async #open(row: BlobRow): Promise<OpenBlob> {
    const file = this.#files.path(row.id);
    const dataKey = this.#keys.unwrap(row.data_key, row.id, row.file_id);
    if (dataKey === null) {
      throw new FalajError('BLOB_DAMAGED', `The key of the file ${file} is damaged.`, {
        hint: 'Restore the workspace from a backup.',
        details: { blob: row.id, file, reason: 'KEY_CHANGED' },
      });
    }
    try {
      return await OpenBlob.open(file, row, dataKey);
    } catch (error) {
      throw this.#remembered(error, row.id);
    }
  }

  async #withBlob<T>(row: BlobRow, work: (blob: OpenBlob) => Promise<T>): Promise<T> {
    const blob = await this.#open(row);
    try {
      return await work(blob);
    } catch (error) {
      throw this.#remembered(error, row.id);
    } finally {
      await blob.close();
    }
  }

  #remembered(error: unknown, id: string): unknown {
    if (error instanceof FalajError && error.code === 'BLOB_DAMAGED') this.#damaged.set(id, error);
    return error;
  }

  #removeIfUnneeded(id: string): void {
    if (!this.#isNeeded(id)) this.#files.remove(id);
  }

  #isNeeded(id: string): boolean {
    return this.#stagedRow(id) !== undefined || this.#table.get(id) !== undefined;
  }

  #stagedRow(id: string): BlobRow | undefined {
    for (const row of this.#staged.values()) if (row.id === id) return row;
    return undefined;
  }

  #assertTransaction(): void {
    if (!this.#store.inTransaction)
      throw new FalajError('INTERNAL', 'Blobs are adopted and released inside a transaction.');
  }

  #assertOpen(): void {
    if (this.#closed)
      throw new FalajError('WORKSPACE_LOCKED', 'The workspace is locked.', { hint: 'Unlock it first.' });
  }
}

function assertRunning(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new FalajError('CANCELLED', 'The work was stopped.', { cause: signal.reason });
}

/** A promise that never rejects, so that a failing write may wait for its turn to be looked at. */
const settled = (work: Promise<void>): Promise<{ readonly error: unknown } | null> =>
  work.then(
    () => null,
    (error: unknown) => ({ error }),
  );

function rethrow(failure: { readonly error: unknown } | null): void {
  if (failure !== null) throw failure.error;
}
