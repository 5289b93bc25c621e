import { type Column, type ColumnSchema, findColumn, type Table } from '../../shared/table/column.ts';
import { readTableSegment, type SegmentPlace, takeRows, writeTableSegment } from '../data/index.ts';
import { PUSHED_EVENT_TIME, PUSHED_KNOWN_TIME } from '../features/index.ts';
import type { BlobStore, StagedBlob, Store } from '../store/index.ts';
import { RowPacker } from './packed-row.ts';
import { type PushLayouts, placeOf } from './push-layouts.ts';
import type { PushedRow } from './push-rows.ts';

/** Rows of a view that lie in columns: those of one block that were pushed with the same columns. */
export interface PushSegment {
  readonly firstSequence: number;
  readonly rows: number;
  readonly layoutId: number;
  readonly place: SegmentPlace;
  /** Of the whole block. */
  readonly blockDigest: Buffer;
}

interface SegmentRow {
  readonly first_sequence: number;
  readonly rows: number;
  readonly layout_id: number;
  readonly blob_id: string;
  readonly directory_offset: number;
  readonly directory_bytes: number;
  readonly block_digest: Buffer;
}

/** Written, and not yet on record. */
export interface DraftSegment {
  readonly segment: Omit<PushSegment, 'blockDigest'>;
  readonly staged: StagedBlob;
}

const TIMES: readonly ColumnSchema[] = [
  { name: PUSHED_EVENT_TIME, type: 'timestamp' },
  { name: PUSHED_KNOWN_TIME, type: 'timestamp' },
];

/** Pushed rows in columns, in encrypted blobs. */
export class PushSegments {
  readonly #store: Store;
  readonly #blobs: BlobStore;
  readonly #layouts: PushLayouts;

  constructor(store: Store, blobs: BlobStore, layouts: PushLayouts) {
    this.#store = store;
    this.#blobs = blobs;
    this.#layouts = layouts;
  }

  /** In the order of their rows. */
  of(viewId: number): PushSegment[] {
    return this.#store
      .statement<SegmentRow>('SELECT * FROM push_segment WHERE view_id = ? ORDER BY first_sequence')
      .all(viewId)
      .map((row) => ({
        firstSequence: row.first_sequence,
        rows: row.rows,
        layoutId: row.layout_id,
        place: {
          blobId: row.blob_id,
          directoryOffset: row.directory_offset,
          directoryBytes: row.directory_bytes,
        },
        blockDigest: row.block_digest,
      }));
  }

  /** The sequence of the first row that is not in columns. */
  end(viewId: number): number {
    const last = this.#store
      .statement<{ end: number }>(
        'SELECT first_sequence + rows AS end FROM push_segment WHERE view_id = ? ORDER BY first_sequence DESC LIMIT 1',
      )
      .get(viewId);
    return last?.end ?? 0;
  }

  /** What is kept in columns of rows of a layout. */
  columns(layoutId: number): ColumnSchema[] {
    return [...this.#layouts.get(layoutId).columns, ...TIMES];
  }

  async write(
    table: Table,
    { firstSequence, layoutId }: { readonly firstSequence: number; readonly layoutId: number },
    signal: AbortSignal,
  ): Promise<DraftSegment> {
    const { staged, place } = await writeTableSegment(this.#blobs, table, { signal });
    return { segment: { firstSequence, rows: table.rows, layoutId, place }, staged };
  }

  /** Puts a block on record; in a transaction. */
  adopt(viewId: number, drafts: readonly DraftSegment[], blockDigest: Buffer): void {
    for (const { segment, staged } of drafts) {
      const { firstSequence, rows, layoutId, place } = segment;
      this.#blobs.adopt(staged, `pushed/${viewId}/${firstSequence}`);
      this.#store
        .statement(
          `INSERT INTO push_segment
             (view_id, first_sequence, rows, layout_id, blob_id, directory_offset, directory_bytes, block_digest)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          viewId,
          firstSequence,
          rows,
          layoutId,
          place.blobId,
          place.directoryOffset,
          place.directoryBytes,
          blockDigest,
        );
    }
  }

  discard(drafts: readonly DraftSegment[]): void {
    for (const { staged } of drafts) this.#blobs.discard(staged);
  }

  /** The first rows of a segment under these columns: null for what came later. */
  async table(
    view: string,
    segment: PushSegment,
    columns: readonly ColumnSchema[],
    rows: number,
  ): Promise<Table> {
    const layout = this.#layouts.get(segment.layoutId);
    const names = columns
      .filter((column) => isTime(column) || placeOf(view, layout, column) >= 0)
      .map(({ name }) => name);
    const read = await readTableSegment(this.#blobs, segment.place, names);
    const table = {
      rows: segment.rows,
      columns: columns.map((column) => findColumn(read, column.name) ?? allNull(column, segment.rows)),
    };
    return rows === segment.rows
      ? table
      : takeRows(
          table,
          Uint32Array.from({ length: rows }, (_, row) => row),
        );
  }

  /** The first rows of a segment as they were pushed. */
  async rows({ layoutId, firstSequence, place }: PushSegment, rows: number): Promise<PushedRow[]> {
    const layout = this.#layouts.get(layoutId);
    const table = await readTableSegment(
      this.#blobs,
      place,
      this.columns(layoutId).map(({ name }) => name),
    );
    const columns = layout.columns.map(({ name }) => findColumn(table, name)!);
    const [event, known] = TIMES.map(({ name }) => findColumn(table, name)!.values);
    const packer = new RowPacker(layout);
    return Array.from({ length: rows }, (_, row) => {
      const times = { event: Number(event![row]), known: Number(known![row]), sequence: firstSequence + row };
      return { layout, row: packer.pack(times, columns, row) };
    });
  }
}

const isTime = ({ name }: ColumnSchema): boolean => TIMES.some((time) => time.name === name);

function allNull({ name, type }: ColumnSchema, rows: number): Column {
  const validity = new Uint8Array(rows);
  if (type === 'string') return { name, type, validity, values: new Uint32Array(rows), dictionary: [] };
  if (type === 'bool') return { name, type, validity, values: new Uint8Array(rows) };
  return { name, type, validity, values: new Float64Array(rows) };
}
