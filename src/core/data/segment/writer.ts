import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import type { LogicalValues } from '../duckdb/logical.ts';
import { ContentDigest, dictionaryBytes } from './content-digest.ts';
import { encodeValues } from './encoding.ts';
import { type ChunkEntry, type Extent, SEGMENT_MAGIC, type SegmentDirectory } from './layout.ts';

const zstdCompress = promisify(zlib.zstdCompress);
const COMPRESSION = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } };
/** Compressing pays when it saves at least a tenth. */
const WORTHWHILE = 0.9;
const SMALL_BYTES = 128;

export interface RowGroup {
  readonly rows: number;
  readonly columns: readonly {
    readonly values: LogicalValues;
    readonly validity: Uint8Array | null;
    readonly fresh: readonly string[];
  }[];
}

export interface SegmentSummary {
  readonly rows: number;
  readonly digest: string;
  readonly directoryOffset: number;
  readonly directoryBytes: number;
}

interface EncodedGroup {
  readonly rows: number;
  readonly columns: readonly {
    readonly entry: Omit<ChunkEntry, 'values' | 'validity' | 'dictionary'>;
    readonly entries: number;
    readonly values: Packed;
    readonly validity: Packed | null;
    readonly dictionary: Packed | null;
  }[];
}

interface Packed {
  readonly bytes: Uint8Array;
  readonly raw: number;
}

/**
 * Row groups in, the bytes of a segment out, a group at a time: the next group is read and encoded while the one before is
 * still being compressed and taken. `summary` is there once the stream has ended.
 */
export class SegmentWriter {
  readonly #directory: { format: 1; columns: ColumnSchema[]; groups: SegmentDirectory['groups'] };
  readonly #digest: ContentDigest;
  #offset = 0;
  #rows = 0;
  #summary: SegmentSummary | null = null;

  constructor(schema: readonly ColumnSchema[]) {
    this.#directory = { format: 1, columns: [...schema], groups: [] };
    this.#digest = new ContentDigest(schema);
  }

  get summary(): SegmentSummary {
    if (this.#summary === null) throw new Error('The segment is not finished.');
    return this.#summary;
  }

  async *bytes(groups: AsyncIterable<RowGroup>): AsyncGenerator<Uint8Array> {
    yield this.#place(SEGMENT_MAGIC);
    let pending: Promise<EncodedGroup> | null = null;
    for await (const group of groups) {
      const previous: Promise<EncodedGroup> | null = pending;
      this.#digest.add(group.rows, group.columns);
      this.#rows += group.rows;
      pending = this.#encode(group);
      // A failure while the next group is awaited must not count as unhandled; it is thrown when its turn comes.
      pending.catch(() => undefined);
      if (previous !== null) yield* this.#emit(await previous);
    }
    if (pending !== null) yield* this.#emit(await pending);
    const directory = await zstdCompress(JSON.stringify(this.#directory));
    this.#summary = {
      rows: this.#rows,
      digest: this.#digest.finish(),
      directoryOffset: this.#offset,
      directoryBytes: directory.length,
    };
    yield this.#place(directory);
  }

  async #encode(group: RowGroup): Promise<EncodedGroup> {
    const columns = group.columns.map(async (column, index) => {
      const { bytes, ...entry } = encodeValues(
        this.#directory.columns[index]!.type,
        column.values,
        column.validity,
      );
      const [values, validity, dictionary] = await Promise.all([
        pack(bytes),
        column.validity === null ? null : pack(column.validity),
        column.fresh.length === 0 ? null : pack(dictionaryBytes(column.fresh)),
      ]);
      return { entry, entries: column.fresh.length, values, validity, dictionary };
    });
    return { rows: group.rows, columns: await Promise.all(columns) };
  }

  *#emit(group: EncodedGroup): Generator<Uint8Array> {
    const chunks: ChunkEntry[] = [];
    for (const column of group.columns) {
      const values = this.#extent(column.values);
      if (column.values.bytes.length > 0) yield this.#place(column.values.bytes);
      const validity = column.validity === null ? null : this.#extent(column.validity);
      if (column.validity !== null) yield this.#place(column.validity.bytes);
      const dictionary =
        column.dictionary === null ? null : { ...this.#extent(column.dictionary), entries: column.entries };
      if (column.dictionary !== null) yield this.#place(column.dictionary.bytes);
      chunks.push({ ...column.entry, values, validity, dictionary });
    }
    this.#directory.groups.push({ rows: group.rows, chunks });
  }

  #extent(packed: Packed): Extent {
    return { offset: this.#offset, stored: packed.bytes.length, raw: packed.raw };
  }

  #place(bytes: Uint8Array): Uint8Array {
    this.#offset += bytes.length;
    return bytes;
  }
}

async function pack(bytes: Uint8Array): Promise<Packed> {
  if (bytes.length < SMALL_BYTES) return { bytes, raw: bytes.length };
  const compressed = await zstdCompress(bytes, COMPRESSION);
  return { bytes: compressed.length < bytes.length * WORTHWHILE ? compressed : bytes, raw: bytes.length };
}
