import type { FileHandle } from 'node:fs/promises';
import type { ColumnSchema } from '../../shared/table/column.ts';
import type { EncodedChunk } from './encode-chunk.ts';
import { type ChunkPlace, fileFooter, type GroupPlace } from './metadata.ts';

const MAGIC = Buffer.from('PAR1');

/** A Parquet file that grows by whole row groups (Apache Parquet format, file layout). */
export class ParquetWriter {
  readonly #handle: FileHandle;
  readonly #columns: readonly ColumnSchema[];
  readonly #createdBy: string;
  readonly #groups: GroupPlace[] = [];
  #rows = 0;
  #chunks: ChunkPlace[] = [];
  #offset = 0;

  private constructor(handle: FileHandle, columns: readonly ColumnSchema[], createdBy: string) {
    this.#handle = handle;
    this.#columns = columns.map(({ name, type }) => ({ name, type }));
    this.#createdBy = createdBy;
  }

  /** @param handle of an empty file. */
  static async open(
    handle: FileHandle,
    columns: readonly ColumnSchema[],
    createdBy: string,
  ): Promise<ParquetWriter> {
    const writer = new ParquetWriter(handle, columns, createdBy);
    await writer.#append([MAGIC]);
    return writer;
  }

  /** The next column of the row group that is being written; the last one completes it. */
  async add(chunk: EncodedChunk): Promise<void> {
    const { rows, nulls, range, encoding, dictionaryBytes, storedBytes, plainBytes } = chunk;
    this.#chunks.push({
      column: this.#columns[this.#chunks.length]!,
      rows,
      nulls,
      range,
      encoding,
      dictionaryOffset: dictionaryBytes === 0 ? null : this.#offset,
      dataOffset: this.#offset + dictionaryBytes,
      storedBytes,
      plainBytes,
    });
    this.#rows = rows;
    await this.#append(chunk.parts);
    if (this.#chunks.length < this.#columns.length) return;
    this.#groups.push({ rows: this.#rows, chunks: this.#chunks });
    this.#chunks = [];
  }

  async finish(): Promise<void> {
    const footer = fileFooter(this.#columns, this.#groups, this.#createdBy);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    await this.#append([footer, length, MAGIC]);
  }

  /** Writes all the parts at the file's end. */
  async #append(parts: readonly Uint8Array[]): Promise<void> {
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    const { bytesWritten } = await this.#handle.writev(parts as Uint8Array[]);
    this.#offset += bytes;
    if (bytesWritten === bytes) return;
    // A short write means that the disk is about to be full; the rest makes the system say so.
    const rest = Buffer.concat(parts).subarray(bytesWritten);
    for (let at = 0; at < rest.length; ) at += (await this.#handle.write(rest, at)).bytesWritten;
  }
}
