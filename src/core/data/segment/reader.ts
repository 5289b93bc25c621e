import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { FalajError } from '../../../shared/errors.ts';
import type { Table } from '../../../shared/table/column.ts';
import { ContentPieces } from '../../store/index.ts';
import { Breaks } from '../breaks.ts';
import { assembleColumn, type LogicalValues, type TableMemory } from '../duckdb/logical.ts';
import { ColumnTarget } from './column-target.ts';
import { decodeValues } from './encoding.ts';
import {
  type ChunkEntry,
  type Extent,
  SEGMENT_MAGIC,
  type SegmentDirectory,
  segmentDirectory,
} from './layout.ts';
import { type ReadRun, readRuns } from './read-runs.ts';
import type { RowGroup } from './writer.ts';

const zstdDecompress = promisify(zlib.zstdDecompress);

/** The least output buffer that zlib takes. */
const MIN_CHUNK_BYTES = 64;

/** Reads what a stretch of a segment's bytes lies in. */
export type RangeReader = (offset: number, length: number) => Promise<ContentPieces>;

const NOTHING = new ContentPieces(0, []);

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
  const bytes = async (offset: number, length: number): Promise<Buffer> =>
    (await read(offset, length)).bytes(offset, length);
  const [magic, packed] = await Promise.all([
    bytes(0, SEGMENT_MAGIC.length),
    bytes(directory.offset, directory.bytes),
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

async function unpack(extent: Extent, stored: Buffer): Promise<Buffer> {
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

/** Dictionary entries, each after its length. */
function textsOf(bytes: Buffer): string[] {
  const entries: string[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    if (offset + 4 > bytes.length) throw damaged(null);
    const length = bytes.readUInt32LE(offset);
    entries.push(bytes.toString('utf8', offset + 4, offset + 4 + length));
    offset += 4 + length;
  }
  return entries;
}

/** One extent, and where its rows go. */
interface Place {
  readonly kind: 'values' | 'validity' | 'texts';
  readonly part: Extent;
  readonly chunk: ChunkEntry;
  /** Column among those asked for. */
  readonly slot: number;
  readonly group: number;
  readonly rows: number;
  readonly firstRow: number;
}

/** Columns of a segment: what is not asked for is neither decrypted nor decoded. */
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

  /** The named columns (all unless said) of the given groups (all unless said, else ascending), in the order asked for. */
  async table(
    names: readonly string[] = this.directory.columns.map((column) => column.name),
    groups: readonly number[] = this.directory.groups.map((_, index) => index),
    memory: TableMemory = 'own',
  ): Promise<Table> {
    const indexes = names.map((name) => this.#indexOf(name));
    const rows = groups.reduce((sum, group) => sum + this.directory.groups[group]!.rows, 0);
    const targets = indexes.map((index) => {
      const chunks = groups.map((group) => this.directory.groups[group]!.chunks[index]!);
      return new ColumnTarget(this.directory.columns[index]!, {
        rows,
        memory,
        isWide: chunks.some(({ encoding }) => encoding === 'i64'),
        hasNulls: chunks.some(({ validity }) => validity !== null),
      });
    });
    const dictionaries = await this.#fill(indexes, groups, targets);
    return { rows, columns: targets.map((target, slot) => target.column(dictionaries[slot]!)) };
  }

  /** Puts the rows of the groups into the columns; returns the columns' dictionaries. */
  async #fill(
    indexes: readonly number[],
    groups: readonly number[],
    targets: readonly ColumnTarget[],
  ): Promise<string[][]> {
    const places = this.#placesOf(indexes, groups);
    const texts = indexes.map((): string[][] => []);
    const put = (place: Place, bytes: Buffer): void => {
      const { slot, group, firstRow, chunk } = place;
      if (place.kind === 'texts') texts[slot]![group] = textsOf(bytes);
      else if (place.kind === 'validity') targets[slot]!.putValidity(firstRow, bytes);
      else {
        const { type } = this.directory.columns[indexes[slot]!]!;
        const target = targets[slot]!.doublesAt(firstRow, place.rows);
        const values = decodeValues(type, { ...chunk, bytes }, place.rows, target);
        if (values !== target) targets[slot]!.putValues(firstRow, values);
      }
    };
    const breaks = new Breaks();
    const putAll = async (extents: ReadRun<Place>['extents'], pieces: ContentPieces): Promise<void> => {
      const contents = extents.map(({ extent }) =>
        unpack(extent, pieces.bytes(extent.offset, extent.stored)),
      );
      // What fails is told when it is its turn.
      for (const content of contents) content.catch(() => undefined);
      for (const [index, { tag }] of extents.entries()) {
        put(tag, await contents[index]!);
        await breaks.take();
      }
      pieces.giveBack();
    };
    let unpacking: Promise<unknown> = Promise.resolve();
    for (const run of readRuns(places.map((place) => ({ extent: place.part, tag: place })))) {
      const pieces = run.bytes === 0 ? NOTHING : await this.#read(run.offset, run.bytes);
      // One run is unpacked on other threads while the next is read.
      await unpacking;
      unpacking = putAll(run.extents, pieces);
      unpacking.catch(() => undefined);
    }
    await unpacking;
    return texts.map((byGroup) => byGroup.flat());
  }

  /** All that has to be read for some columns of some groups. */
  #placesOf(indexes: readonly number[], groups: readonly number[]): Place[] {
    const places: Place[] = [];
    let firstRow = 0;
    for (const group of groups) {
      const { rows, chunks } = this.directory.groups[group]!;
      for (const [slot, index] of indexes.entries()) {
        const chunk = chunks[index]!;
        const place = { slot, group, firstRow, rows, chunk };
        places.push({ ...place, kind: 'values', part: chunk.values });
        if (chunk.validity !== null) places.push({ ...place, kind: 'validity', part: chunk.validity });
      }
      firstRow += rows;
    }
    // A dictionary grows from group to group, so the entries of all groups up to the last one read are needed.
    for (let group = 0; group <= Math.max(-1, ...groups); group++) {
      const { rows, chunks } = this.directory.groups[group]!;
      for (const [slot, index] of indexes.entries()) {
        const chunk = chunks[index]!;
        if (chunk.dictionary === null) continue;
        places.push({ slot, group, firstRow: 0, rows, chunk, kind: 'texts', part: chunk.dictionary });
      }
    }
    return places;
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

  /** The dictionary entries that appear first in this group. */
  async #freshEntries(index: number, at: number): Promise<string[]> {
    const extent = this.directory.groups[at]!.chunks[index]!.dictionary;
    if (extent === null) return [];
    return textsOf(await this.#unpack(extent));
  }

  async #unpack(extent: Extent): Promise<Buffer> {
    if (extent.stored === 0) return Buffer.alloc(0);
    const pieces = await this.#read(extent.offset, extent.stored);
    return unpack(extent, pieces.bytes(extent.offset, extent.stored));
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
