import { type FileHandle, open } from 'node:fs/promises';
import { FalajError } from '../../../shared/errors.ts';
import { HEADER_BYTES, SealedFileError, SealedReader } from '../../../trust/sealed-file/index.ts';
import { diskError } from '../durable-file.ts';
import type { BlobRow } from './blob-table.ts';
import { readFully } from './write-fully.ts';

/** Blobs are immutable: a change of content is another blob. */
export const BLOB_FILE_VERSION = 1;

/** An open blob file that gives authenticated chunks only. */
export class OpenBlob {
  readonly #handle: FileHandle;
  readonly #reader: SealedReader;
  readonly #dataKey: Uint8Array;
  readonly #file: string;
  readonly #id: string;
  /** Of one sealed chunk, used again and again: fresh memory for each costs as much as opening it. */
  #sealed: Buffer<ArrayBuffer> | null = null;

  private constructor(
    handle: FileHandle,
    reader: SealedReader,
    { dataKey, file, id }: { readonly dataKey: Uint8Array; readonly file: string; readonly id: string },
  ) {
    this.#handle = handle;
    this.#reader = reader;
    this.#dataKey = dataKey;
    this.#file = file;
    this.#id = id;
  }

  /** @param dataKey taken over: zeroed on close, or at once when the file is refused. */
  static async open(file: string, row: BlobRow, dataKey: Uint8Array): Promise<OpenBlob> {
    let handle: FileHandle;
    try {
      handle = await open(file, 'r');
    } catch (error) {
      dataKey.fill(0);
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
        throw blobMissing(row.id, file);
      throw diskError(error, file);
    }
    try {
      const storedBytes = (await handle.stat()).size;
      const header = await readFully(handle, 0, HEADER_BYTES);
      const expected = { fileId: row.file_id, fileVersion: BLOB_FILE_VERSION, contentBytes: row.size_bytes };
      const reader = new SealedReader(dataKey, header, storedBytes, expected);
      return new OpenBlob(handle, reader, { dataKey, file, id: row.id });
    } catch (error) {
      dataKey.fill(0);
      await handle.close();
      throw blobError(error, row.id, file);
    }
  }

  get chunkBytes(): number {
    return this.#reader.chunkBytes;
  }

  get chunks(): number {
    return this.#reader.layout.chunks;
  }

  /** One at a time: the next is asked for when this one is there. */
  async chunk(index: number): Promise<Buffer> {
    const { offset, length } = this.#reader.span(index);
    if (this.#sealed === null || this.#sealed.length < length) this.#sealed = Buffer.allocUnsafeSlow(length);
    try {
      return this.#reader.open(index, await readFully(this.#handle, offset, length, this.#sealed));
    } catch (error) {
      throw blobError(error, this.#id, this.#file);
    }
  }

  close(): Promise<void> {
    this.#dataKey.fill(0);
    return this.#handle.close();
  }
}

export const blobMissing = (id: string, file: string): FalajError =>
  new FalajError('BLOB_MISSING', `The file ${file} is missing from the workspace.`, {
    hint: 'Restore it from a backup, or import its source again.',
    details: { blob: id, file },
  });

function blobError(error: unknown, id: string, file: string): unknown {
  if (!(error instanceof SealedFileError)) return diskError(error, file);
  return new FalajError(
    'BLOB_DAMAGED',
    `The file ${file} is damaged. ${error.message} Nothing of it was used.`,
    {
      hint: 'Restore it from a backup, or import its source again.',
      details: { blob: id, file, reason: error.reason, offset: error.offset },
      cause: error,
    },
  );
}
