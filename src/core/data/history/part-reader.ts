import type { ColumnSchema, NumberColumn, Table } from '../../../shared/table/column.ts';
import { findColumn } from '../../../shared/table/column.ts';
import { takeRows } from '../../../shared/table/take-rows.ts';
import type { BlobStore } from '../../store/index.ts';
import type { TableMemory } from '../duckdb/logical.ts';
import { openSegment, type SegmentReader } from '../segment/reader.ts';
import { concatenateTables } from './concatenate.ts';
import type { Part, VersionPart } from './part.ts';
import { type SupersededMask, unpackMask } from './superseded-mask.ts';

export interface OpenPart {
  readonly part: Part;
  readonly segment: SegmentReader;
  /** Null when every row is current. */
  readonly mask: SupersededMask | null;
}

/** Rows whose time is in [from, to). */
export interface TimeRange {
  readonly column: string;
  readonly from: number;
  readonly to: number;
}

export interface RowsWanted {
  readonly columns: readonly ColumnSchema[];
  readonly range?: TimeRange | undefined;
  /** Corrected rows as well: the whole history in order of arrival. */
  readonly withSuperseded?: boolean | undefined;
  /** Asked of the segment; rows picked from it lie in memory of their own. */
  readonly memory?: TableMemory | undefined;
}

/** What was loaded, and where in its part each row stands; null for all rows of the part. */
interface LoadedPart {
  readonly table: Table;
  readonly positions: Uint32Array | null;
}

type BlobReader = Pick<BlobStore, 'readPieces' | 'readAll'>;

export async function openPart(blobs: BlobReader, { part, supersededBlob }: VersionPart): Promise<OpenPart> {
  const segment = await openSegment((offset, length) => blobs.readPieces(part.blobId, offset, length), {
    offset: part.directoryOffset,
    bytes: part.directoryBytes,
  });
  const mask =
    supersededBlob === null ? null : await unpackMask(await blobs.readAll(supersededBlob), part.rows);
  return { part, segment, mask };
}

export const openParts = (blobs: BlobReader, parts: readonly VersionPart[]): Promise<OpenPart[]> =>
  Promise.all(parts.map((part) => openPart(blobs, part)));

/** Rows of the parts below each other, and when each of them was imported, in microseconds. */
export async function loadParts(
  parts: readonly OpenPart[],
  wanted: RowsWanted,
): Promise<{ table: Table; importedAt: () => Float64Array }> {
  const loaded: LoadedPart[] = [];
  for (const part of parts) loaded.push(await loadPart(part, wanted));
  const table = concatenateTables(
    wanted.columns,
    loaded.map((one) => one.table),
  );
  return {
    table,
    importedAt: () => {
      const times = new Float64Array(table.rows);
      let at = 0;
      loaded.forEach((one, index) => {
        writeImportTimes(parts[index]!.part, one, times.subarray(at, at + one.table.rows));
        at += one.table.rows;
      });
      return times;
    },
  };
}

export async function loadPart(open: OpenPart, wanted: RowsWanted): Promise<LoadedPart> {
  const { segment } = open;
  const { range } = wanted;
  const mask = wanted.withSuperseded === true ? null : open.mask;
  const names = wanted.columns.map(({ name }) => name);
  if (range === undefined) {
    const table = await segment.table(names, undefined, wanted.memory);
    return mask === null ? { table, positions: null } : kept(table, (row) => mask[row] === 0);
  }
  const groups = segment.groupsWithin(range.column, range.from, range.to);
  const read = await segment.table(names.includes(range.column) ? names : [...names, range.column], groups);
  const time = findColumn(read, range.column) as NumberColumn;
  const positions = positionsOf(segment, groups);
  const within = kept(read, (row) => {
    const at = time.values[row]!;
    if (at < range.from || at >= range.to || (time.validity !== null && time.validity[row] === 0))
      return false;
    return mask === null || mask[positions[row]!] === 0;
  });
  return {
    table: { rows: within.table.rows, columns: names.map((name) => findColumn(within.table, name)!) },
    positions: within.positions === null ? positions : within.positions.map((row) => positions[row]!),
  };
}

/** The rows of a table that a test lets through. */
function kept(table: Table, test: (row: number) => boolean): LoadedPart {
  const rows = new Uint32Array(table.rows);
  let count = 0;
  for (let row = 0; row < table.rows; row++) if (test(row)) rows[count++] = row;
  if (count === table.rows) return { table, positions: null };
  const positions = rows.slice(0, count);
  return { table: takeRows(table, positions), positions };
}

/** Where in the part the rows of some of its groups stand. */
function positionsOf(segment: SegmentReader, groups: readonly number[]): Uint32Array {
  const rows = groups.reduce((sum, group) => sum + segment.directory.groups[group]!.rows, 0);
  const positions = new Uint32Array(rows);
  let at = 0;
  for (const group of groups) {
    const first = segment.firstRowOf(group);
    for (let row = 0; row < segment.directory.groups[group]!.rows; row++) positions[at++] = first + row;
  }
  return positions;
}

function writeImportTimes(part: Part, { positions }: LoadedPart, times: Float64Array): void {
  let arrival = 0;
  let end = part.arrivals[0]?.rows ?? 0;
  for (let row = 0; row < times.length; row++) {
    const position = positions === null ? row : positions[row]!;
    while (position >= end) end += part.arrivals[++arrival]!.rows;
    times[row] = part.arrivals[arrival]!.importedAtMs * 1000;
  }
}
