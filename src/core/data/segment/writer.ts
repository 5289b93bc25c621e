import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import type { LogicalValues } from '../duckdb/logical.ts';
import { Compressor } from './compressor.ts';
import { ContentDigest, type DigestedColumn, dictionaryBytes } from './content-digest.ts';
import type { EncodedValues } from './encoded-values.ts';
import { encodeValues } from './encoding.ts';
import { type ChunkEntry, type Extent, SEGMENT_MAGIC, type SegmentDirectory } from './layout.ts';
import { type Packing, pack, packingOf } from './packing.ts';

const zstdCompress = promisify(zlib.zstdCompress);

/** Rows on their way. Their arrays are valid until the next group is asked for. */
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
  readonly #compressor = new Compressor();
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
    try {
      yield this.#place(SEGMENT_MAGIC);
      for await (const group of packedAhead(groups, (next) => this.#encode(next))) yield* this.#emit(group);
      const directory = await zstdCompress(JSON.stringify(this.#directory));
      this.#summary = {
        rows: this.#rows,
        digest: this.#digest.finish(),
        directoryOffset: this.#offset,
        directoryBytes: directory.length,
      };
      yield this.#place(directory);
    } finally {
      this.#compressor.close();
    }
  }

  #encode(group: RowGroup): Promise<EncodedGroup> {
    // Encoding and hashing happen at once, in order; only compressing is left to other threads.
    const columns = group.columns.map(({ values, validity, fresh }, index) => {
      const encoded = encodeValues(this.#directory.columns[index]!.type, values, validity);
      // What is only handed on has to be kept from the next group.
      const bytes = encoded.bytes.buffer === values.buffer ? encoded.bytes.slice() : encoded.bytes;
      return { encoded: { ...encoded, bytes }, validity: validity?.slice() ?? null, fresh };
    });
    this.#digest.add(group.rows, columns);
    this.#rows += group.rows;
    return packGroup(this.#compressor, group.rows, columns);
  }

  *#emit(group: EncodedGroup): Generator<Uint8Array> {
    const chunks: ChunkEntry[] = [];
    for (const { entry, entries, ...parts } of group.columns) {
      const values = yield* this.#extent(parts.values);
      const validity = parts.validity === null ? null : yield* this.#extent(parts.validity);
      const dictionary =
        parts.dictionary === null ? null : { ...(yield* this.#extent(parts.dictionary)), entries };
      chunks.push({ ...entry, values, validity, dictionary });
    }
    this.#directory.groups.push({ rows: group.rows, chunks });
  }

  *#extent({ bytes, raw }: Packed): Generator<Uint8Array, Extent> {
    const gap = -this.#offset & (ALIGNMENT_BYTES - 1);
    if (bytes.length > 0 && gap > 0) yield this.#place(new Uint8Array(gap));
    const extent = { offset: this.#offset, stored: bytes.length, raw };
    if (bytes.length > 0) yield this.#place(bytes);
    return extent;
  }

  #place(bytes: Uint8Array): Uint8Array {
    this.#offset += bytes.length;
    return bytes;
  }
}

/** Starts each group before the one ahead of it is handed on. */
async function* packedAhead(
  groups: AsyncIterable<RowGroup>,
  encode: (group: RowGroup) => Promise<EncodedGroup>,
): AsyncGenerator<EncodedGroup> {
  let ahead: Promise<EncodedGroup> | null = null;
  for await (const group of groups) {
    const current = ahead;
    ahead = encode(group);
    // A failure while the next group is awaited must not count as unhandled; it is thrown when its turn comes.
    ahead.catch(() => undefined);
    if (current !== null) yield await current;
  }
  if (ahead !== null) yield await ahead;
}

async function packGroup(
  compressor: Compressor,
  rows: number,
  columns: readonly DigestedColumn[],
): Promise<EncodedGroup> {
  const plain = (bytes: Uint8Array): Packed => ({ bytes, raw: bytes.length });
  const compressed = async (bytes: Uint8Array): Promise<Packed> => ({
    bytes: await compressor.pack(bytes),
    raw: bytes.length,
  });
  const packed = columns.map(async ({ encoded, validity, fresh }) => {
    const { bytes, ...entry } = encoded;
    const packing = await worthwhilePacking(encoded, rows, compressor);
    const [values, presence, dictionary] = await Promise.all([
      packing === null ? compressed(bytes) : plain(pack(encoded, packing)),
      validity === null ? null : compressed(validity),
      fresh.length === 0 ? null : compressed(dictionaryBytes(fresh)),
    ]);
    return {
      entry: packing === null ? entry : { ...entry, packing },
      entries: fresh.length,
      values,
      validity: presence,
      dictionary,
    };
  });
  return { rows, columns: await Promise.all(packed) };
}

/** How the values pack, where they would not compress to less. */
async function worthwhilePacking(
  encoded: EncodedValues,
  rows: number,
  compressor: Compressor,
): Promise<Packing | null> {
  const packing = packingOf(encoded);
  if (packing === null) return null;
  const start = Math.floor(Math.max(0, encoded.bytes.length - SAMPLE_BYTES) / 2);
  const sample = encoded.bytes.subarray(start, start + SAMPLE_BYTES);
  const sampled = (rows * sample.length) / encoded.bytes.length;
  const compressed = await compressor.pack(sample);
  return 8 * compressed.length > packing.bits * sampled ? packing : null;
}

/** Where typed arrays of any kind may begin, so that what is read is decoded where it lies. */
const ALIGNMENT_BYTES = 8;
/** Enough to tell how well the rest of a chunk compresses. */
const SAMPLE_BYTES = 32_768;
