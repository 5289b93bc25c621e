import type { FileHandle } from 'node:fs/promises';
import type { ColumnSchema } from '../../shared/table/column.ts';
import type { EncodedChunk } from './encode-chunk.ts';
import { type ChunkPlace, fileFooter, type GroupPlace } from './metadata.ts';

const MAGIC = Buffer.from('PAR1');

/**
 * A Parquet file (Apache Parquet format, file layout) that grows by chunks: the rows of one column in one row group. They may
 * lie in any order, since the footer says where each is, but the chunks of a column come in the order of their rows.
 */
export class ParquetWriter {
  readonly #handle: FileHandle;
  /** Per column, by its place among them. */
  readonly #chunks: ChunkPlace[][] = [];
  #offset = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** @param handle of an empty file. */
  static async open(handle: FileHandle): Promise<ParquetWriter> {
    const writer = new ParquetWriter(handle);
    await writer.#append([MAGIC]);
    return writer;
  }

  /** The next rows of a column. All columns have to be cut into the same row groups. */
  async add(column: number, chunk: EncodedChunk): Promise<void> {
    const { rows, nulls, range, encoding, dictionaryBytes, storedBytes, plainBytes } = chunk;
    this.#chunks[column] ??= [];
    this.#chunks[column].push({
      rows,
      nulls,
      range,
      encoding,
      dictionaryOffset: dictionaryBytes === 0 ? null : this.#offset,
      dataOffset: this.#offset + dictionaryBytes,
      storedBytes,
      plainBytes,
    });
    await this.#append(chunk.parts);
  }

  async finish(columns: readonly ColumnSchema[], createdBy: string): Promise<void> {
    const groups = (this.#chunks[0] ?? []).map(
      ({ rows }, group): GroupPlace => ({
        rows,
        chunks: columns.map((_, column) => this.#chunks[column]![group]!),
      }),
    );
    const footer = fileFooter(columns, groups, createdBy);
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
