import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ColumnSchema, Table } from '../../shared/table/column.ts';
import { emptyTable } from '../../shared/table/empty-table.ts';
import { concatenateTables } from '../data/index.ts';
import { PUSHED_EVENT_TIME, PUSHED_KNOWN_TIME, type PushedRows } from '../features/index.ts';
import type { BlobStore, Store } from '../store/index.ts';
import { timesOf } from './packed-row.ts';
import { BLOCK_ROWS, BlockDigest, digestOfBlocks } from './push-digest.ts';
import { PushLayouts } from './push-layouts.ts';
import { PushedColumns, type PushedRow } from './push-rows.ts';
import { type DraftSegment, type PushSegment, PushSegments } from './push-segments.ts';
import { type PushedView, PushWriter } from './push-writer.ts';

const isTime = ({ name }: ColumnSchema): boolean => name === PUSHED_EVENT_TIME || name === PUSHED_KNOWN_TIME;

/** Rows read while nobody else gets a turn. */
const ROWS_PER_TURN = 8_192;

interface StoredRow {
  readonly sequence: number;
  readonly layout_id: number;
  readonly row: Buffer;
}

/**
 * The history of pushed views: rows in the order in which they came, never changed. A row's number is its sequence. Blocks that
 * are full are put together in columns, which takes a fifth of the time to read; the newest row is always one by itself.
 */
export class PushLog implements PushedRows {
  readonly #store: Store;
  readonly #layouts: PushLayouts;
  readonly #segments: PushSegments;
  readonly #blockRows: number;
  readonly #compacting = new Map<string, Promise<void>>();

  constructor(store: Store, blobs: BlobStore, blockRows = BLOCK_ROWS) {
    this.#store = store;
    this.#blockRows = blockRows;
    this.#layouts = new PushLayouts(store);
    this.#segments = new PushSegments(store, blobs, this.#layouts);
  }

  rows(view: string): number {
    return this.#view(view)?.rows ?? 0;
  }

  newestKnown(view: string): number | null {
    const newest = this.#store
      .statement<{ row: Buffer }>('SELECT row FROM push_row WHERE view_id = ? ORDER BY sequence DESC LIMIT 1')
      .get(this.#view(view)?.id ?? -1);
    return newest === undefined ? null : timesOf(newest.row).known;
  }

  /** Opens the view's history for one batch of these columns, inside the transaction that writes it. */
  writer(view: string, table: Table): PushWriter {
    const stored = this.#view(view) ?? this.#create(view);
    const columns = table.columns.filter((column) => !isTime(column));
    return new PushWriter(this.#store, stored, this.#layouts.idOf(stored.id, columns), columns, table);
  }

  async load(view: string, columns: readonly ColumnSchema[], first?: number): Promise<Table> {
    const stored = this.#view(view);
    if (stored === undefined) return emptyTable(columns);
    const wanted = first ?? stored.rows;
    // Both are seen at once: a block that goes over into columns meanwhile is still here as rows.
    const segments = this.#segments.of(stored.id);
    const newest = new PushedColumns(view, columns, Math.min(wanted, 2 * this.#blockRows));
    for (const row of this.#rowsOf(stored.id, endOf(segments), wanted)) newest.add(row);
    const tables: Table[] = [];
    for (const segment of segments) {
      const rows = Math.min(segment.rows, wanted - segment.firstSequence);
      if (rows > 0) tables.push(await this.#segments.table(view, segment, columns, rows));
    }
    return concatenateTables(columns, [...tables, newest.take()]);
  }

  async digest(view: string, first: number): Promise<string> {
    const stored = this.#view(view);
    if (stored === undefined) return digestOfBlocks([]);
    const segments = this.#segments.of(stored.id);
    const blocks: Buffer[] = [];
    for (let start = 0; start < first; start += this.#blockRows) {
      const end = Math.min(first, start + this.#blockRows);
      const inColumns = segments.filter((one) => one.firstSequence >= start && one.firstSequence < end);
      if (inColumns.length === 0) blocks.push(digestOf(this.#rowsOf(stored.id, start, end)));
      else if (end === start + this.#blockRows) blocks.push(inColumns[0]!.blockDigest);
      else blocks.push(await this.#digestOfPart(inColumns, end));
    }
    return digestOfBlocks(blocks);
  }

  /** Puts full blocks together in columns; what is under way is not begun again. */
  compact(view: string, signal: AbortSignal): Promise<void> {
    const under = this.#compacting.get(view);
    if (under !== undefined) return under;
    const work = this.#compact(view, signal).finally(() => this.#compacting.delete(view));
    this.#compacting.set(view, work);
    return work;
  }

  async #compact(view: string, signal: AbortSignal): Promise<void> {
    const stored = this.#view(view);
    if (stored === undefined) return;
    for (
      let start = this.#segments.end(stored.id);
      start + this.#blockRows < this.rows(view);
      start += this.#blockRows
    ) {
      signal.throwIfAborted();
      await this.#compactBlock(view, stored.id, start, signal);
    }
  }

  async #compactBlock(view: string, viewId: number, start: number, signal: AbortSignal): Promise<void> {
    const drafts: DraftSegment[] = [];
    try {
      const { runs, digest } = await this.#readBlock(view, viewId, start, signal);
      for (const { table, ...run } of runs) drafts.push(await this.#segments.write(table, run, signal));
      this.#store.transaction(() => {
        this.#segments.adopt(viewId, drafts, digest);
        this.#store
          .statement('DELETE FROM push_row WHERE view_id = ? AND sequence >= ? AND sequence < ?')
          .run(viewId, start, start + this.#blockRows);
      });
    } catch (error) {
      this.#segments.discard(drafts);
      throw error;
    }
  }

  /** A block's rows by the columns that they were pushed with, in their order. */
  async #readBlock(view: string, viewId: number, start: number, signal: AbortSignal) {
    const digest = new BlockDigest();
    const runs: { layoutId: number; firstSequence: number; columns: PushedColumns }[] = [];
    for (let from = start; from < start + this.#blockRows; from += ROWS_PER_TURN) {
      await nextTurn();
      signal.throwIfAborted();
      const to = Math.min(from + ROWS_PER_TURN, start + this.#blockRows);
      for (const { sequence, layout_id: layoutId, row } of this.#stored(viewId, from, to)) {
        if (runs.at(-1)?.layoutId !== layoutId) {
          const columns = new PushedColumns(view, this.#segments.columns(layoutId), this.#blockRows);
          runs.push({ layoutId, firstSequence: sequence, columns });
        }
        const pushed = { layout: this.#layouts.get(layoutId), row };
        runs.at(-1)!.columns.add(pushed);
        digest.add(pushed);
      }
    }
    return {
      runs: runs.map(({ columns, ...run }) => ({ ...run, table: columns.take() })),
      digest: digest.finish(),
    };
  }

  /** Of the rows of one block up to `end`. */
  async #digestOfPart(segments: readonly PushSegment[], end: number): Promise<Buffer> {
    const digest = new BlockDigest();
    for (const segment of segments) {
      const rows = Math.min(segment.rows, end - segment.firstSequence);
      for (const row of await this.#segments.rows(segment, rows)) digest.add(row);
    }
    return digest.finish();
  }

  *#rowsOf(viewId: number, from: number, to: number): Generator<PushedRow> {
    for (const { layout_id, row } of this.#stored(viewId, from, to))
      yield { layout: this.#layouts.get(layout_id), row };
  }

  #stored(viewId: number, from: number, to: number): IterableIterator<StoredRow> {
    return this.#store
      .statement<StoredRow>(
        'SELECT sequence, layout_id, row FROM push_row WHERE view_id = ? AND sequence >= ? AND sequence < ? ORDER BY sequence',
      )
      .iterate(viewId, from, to);
  }

  #view(view: string): PushedView | undefined {
    return this.#store.statement<PushedView>('SELECT id, rows FROM push_view WHERE view = ?').get(view);
  }

  #create(view: string): PushedView {
    const { lastInsertRowid } = this.#store
      .statement('INSERT INTO push_view (view, rows) VALUES (?, 0)')
      .run(view);
    return { id: Number(lastInsertRowid), rows: 0 };
  }
}

/** The sequence of the first row that is not in columns. */
function endOf(segments: readonly PushSegment[]): number {
  const last = segments.at(-1);
  return last === undefined ? 0 : last.firstSequence + last.rows;
}

function digestOf(rows: Iterable<PushedRow>): Buffer {
  const digest = new BlockDigest();
  for (const row of rows) digest.add(row);
  return digest.finish();
}
