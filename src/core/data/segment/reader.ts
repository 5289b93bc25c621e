import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { FalajError } from '../../../shared/errors.ts';
import type { Column, Table } from '../../../shared/table/column.ts';
import { assembleColumn, type LogicalValues } from '../duckdb/logical.ts';
import { decodeValues } from './encoding.ts';
import { type Extent, SEGMENT_MAGIC, type SegmentDirectory, segmentDirectory } from './layout.ts';
import type { RowGroup } from './writer.ts';

const zstdDecompress = promisify(zlib.zstdDecompress);

/** The least output buffer that zlib takes. */
const MIN_CHUNK_BYTES = 64;
/** Groups that are decrypted and decompressed at the same time. */
const PIECES_AHEAD = 4;

/** Reads a stretch of a segment's bytes. */
export type RangeReader = (offset: number, length: number) => Promise<Buffer>;

interface Piece {
  readonly values: LogicalValues;
  readonly validity: Uint8Array | null;
}

export interface RowRange {
  /** First row of the table, and how many. */
  readonly first: number;
  readonly count: number;
}

export async function openSegment(
  read: RangeReader,
  directory: { readonly offset: number; readonly bytes: number },
): Promise<SegmentReader> {
  const [magic, packed] = await Promise.all([
    read(0, SEGMENT_MAGIC.length),
    read(directory.offset, directory.bytes),
  ]);
  if (!magic.equals(SEGMENT_MAGIC)) {
    throw new FalajError(
      'SCHEMA_TOO_NEW',
      'The dataset is stored in a format that this version does not know.',
      {
        hint: 'Use the version of Falaj that imported it, or a newer one.',
      },
    );
  }
  return new SegmentReader(read, await parseDirectory(packed));
}

async function parseDirectory(packed: Buffer): Promise<SegmentDirectory> {
  try {
    const text = (await zstdDecompress(packed)).toString('utf8');
    return segmentDirectory.parse(JSON.parse(text));
  } catch (error) {
    throw damaged(error);
  }
}

const damaged = (cause: unknown): FalajError =>
  new FalajError('BLOB_DAMAGED', 'The stored rows of the dataset are damaged.', {
    hint: 'Import the dataset again, or restore a backup.',
    cause,
  });

/** Columns of a segment, read one by one: what is not asked for is neither decrypted nor decoded. */
export class SegmentReader {
  readonly #read: RangeReader;
  readonly directory: SegmentDirectory;

  constructor(read: RangeReader, directory: SegmentDirectory) {
    this.#read = read;
    this.directory = directory;
  }

  get rows(): number {
    return this.directory.groups.reduce((sum, group) => sum + group.rows, 0);
  }

  /** The named columns (all unless said) of the given groups (all unless said), in the order asked for. */
  async table(
    names?: readonly string[],
    groups: readonly number[] = this.directory.groups.map((_, index) => index),
  ): Promise<Table> {
    const wanted = names ?? this.directory.columns.map((column) => column.name);
    const columns: Column[] = [];
    for (const name of wanted) columns.push(await this.#column(name, groups));
    return { rows: groups.reduce((sum, group) => sum + this.directory.groups[group]!.rows, 0), columns };
  }

  /** The rows as one table for each row group that they lie in, so that one group is in memory at a time. */
  async *tables(names: readonly string[], range: RowRange): AsyncGenerator<Table> {
    const wanted = names.map((name) => this.#indexOf(name));
    const dictionaries = wanted.map((): string[] => []);
    let start = 0;
    for (const [at, group] of this.directory.groups.entries()) {
      if (start >= range.first + range.count) return;
      for (const [slot, index] of wanted.entries()) {
        for (const entry of await this.#freshEntries(index, at)) dictionaries[slot]!.push(entry);
      }
      const from = Math.max(0, range.first - start);
      const to = Math.min(group.rows, range.first + range.count - start);
      start += group.rows;
      if (to <= from) continue;
      const columns = await Promise.all(
        wanted.map(async (index, slot) => {
          const { name, type } = this.directory.columns[index]!;
          const { values, validity } = await this.#piece(index, at);
          const part = { values: values.subarray(from, to), validity: validity?.subarray(from, to) ?? null };
          return assembleColumn(name, type, [part], dictionaries[slot]!);
        }),
      );
      yield { rows: to - from, columns };
    }
  }

  /** The named columns group by group, as they were written: what a new segment or a digest is made of. */
  async *rowGroups(names: readonly string[]): AsyncGenerator<RowGroup> {
    const indexes = names.map((name) => this.#indexOf(name));
    for (const [at, { rows }] of this.directory.groups.entries()) {
      const columns = await Promise.all(
        indexes.map(async (index) => ({
          ...(await this.#piece(index, at)),
          fresh: await this.#freshEntries(index, at),
        })),
      );
      yield { rows, columns };
    }
  }

  /** The row at which a group starts. */
  firstRowOf(group: number): number {
    return this.directory.groups.slice(0, group).reduce((sum, { rows }) => sum + rows, 0);
  }

  /** The greatest value of a column of numbers or times; null where there is none. */
  greatest(column: string): number | null {
    const index = this.#indexOf(column);
    return this.directory.groups.reduce<number | null>((greatest, { chunks }) => {
      const { max } = chunks[index]!;
      return max !== null && (greatest === null || max > greatest) ? max : greatest;
    }, null);
  }

  /** Groups that may hold a value of `column` in [from, to). Groups without any value of it are left out. */
  groupsWithin(column: string, from: number, to: number): number[] {
    const index = this.#indexOf(column);
    return this.directory.groups.flatMap((group, at) => {
      const { min, max } = group.chunks[index]!;
      return min === null || max === null || max < from || min >= to ? [] : [at];
    });
  }

  /** Groups that overlap the rows, and the row at which the first of them starts. */
  groupsOfRows(range: RowRange): { groups: number[]; firstRow: number } {
    const groups: number[] = [];
    let firstRow = 0;
    let start = 0;
    this.directory.groups.forEach((group, at) => {
      const end = start + group.rows;
      if (start < range.first + range.count && end > range.first) {
        if (groups.length === 0) firstRow = start;
        groups.push(at);
      }
      start = end;
    });
    return { groups, firstRow };
  }

  async #column(name: string, groups: readonly number[]): Promise<Column> {
    const index = this.#indexOf(name);
    const { type } = this.directory.columns[index]!;
    const pieces: Piece[] = [];
    for (let at = 0; at < groups.length; at += PIECES_AHEAD) {
      const some = groups.slice(at, at + PIECES_AHEAD);
      pieces.push(...(await Promise.all(some.map((group) => this.#piece(index, group)))));
    }
    const dictionary = type === 'string' ? await this.#dictionary(index, Math.max(-1, ...groups)) : [];
    return assembleColumn(name, type, pieces, dictionary);
  }

  async #piece(index: number, at: number): Promise<Piece> {
    const group = this.directory.groups[at]!;
    const chunk = group.chunks[index]!;
    const [bytes, validity] = await Promise.all([
      this.#unpack(chunk.values),
      chunk.validity === null ? null : this.#unpack(chunk.validity),
    ]);
    const values = decodeValues(this.directory.columns[index]!.type, { ...chunk, bytes }, group.rows);
    return { values, validity };
  }

  /** Entries grow from group to group, so those of all groups up to the last one read are needed. */
  async #dictionary(index: number, lastGroup: number): Promise<string[]> {
    const entries: string[] = [];
    for (let at = 0; at <= lastGroup; at++)
      for (const entry of await this.#freshEntries(index, at)) entries.push(entry);
    return entries;
  }

  /** The dictionary entries that appear first in this group. */
  async #freshEntries(index: number, at: number): Promise<string[]> {
    const extent = this.directory.groups[at]!.chunks[index]!.dictionary;
    if (extent === null) return [];
    const entries: string[] = [];
    const bytes = await this.#unpack(extent);
    for (let offset = 0; offset < bytes.length; ) {
      if (offset + 4 > bytes.length) throw damaged(null);
      const length = bytes.readUInt32LE(offset);
      entries.push(bytes.toString('utf8', offset + 4, offset + 4 + length));
      offset += 4 + length;
    }
    return entries;
  }

  async #unpack(extent: Extent): Promise<Buffer> {
    if (extent.stored === 0) return Buffer.alloc(0);
    const stored = await this.#read(extent.offset, extent.stored);
    if (extent.stored === extent.raw) return stored;
    const bytes = await zstdDecompress(stored, {
      maxOutputLength: Math.max(1, extent.raw),
      chunkSize: Math.max(MIN_CHUNK_BYTES, extent.raw),
    }).catch((error: unknown) => {
      throw damaged(error);
    });
    if (bytes.length !== extent.raw) throw damaged(null);
    return bytes;
  }

  #indexOf(name: string): number {
    const index = this.directory.columns.findIndex((column) => column.name === name);
    if (index !== -1) return index;
    throw new FalajError('UNKNOWN_COLUMN', `There is no column "${name}".`, {
      hint: `The columns are: ${this.directory.columns.map((column) => column.name).join(', ')}.`,
      details: { column: name },
    });
  }
}
