import type { FileHandle } from 'node:fs/promises';
import os from 'node:os';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import {
  type BlockHashes,
  type ColumnHash,
  hashBlocks,
  joinBlocks,
} from '../../../trust/table-hash/index.ts';
import {
  type EncodedChunk,
  encodeChunk,
  encodeRows,
  GROUP_ROWS,
  ParquetWriter,
} from '../../parquet/index.ts';
import type { FeatureThreads } from '../join/compute/feature-threads.ts';
import {
  computeStretch,
  giveBackChunk,
  type Stretch,
  type StretchedColumn,
} from '../join/compute/stretch-task.ts';
import { type AskedRows, INLINE_ROWS } from '../join/view-features.ts';
import { EarlySync } from './early-sync.ts';
import type { SetColumn } from './set-columns.ts';

export interface StretchTarget {
  /** Of an empty file. */
  readonly handle: FileHandle;
  readonly createdBy: string;
  /** Told before the first byte is written. */
  readonly onFirst: () => void;
}

export interface StretchWriterOptions {
  readonly threads: FeatureThreads;
  readonly withHashes: boolean;
  readonly signal: AbortSignal;
}

/** A file that grows by columns of all rows; without one, only their hashes are wanted. */
export class StretchWriter {
  /** In part, too. */
  columnsWritten = 0;
  readonly #target: StretchTarget | null;
  readonly #rows: number;
  readonly #options: StretchWriterOptions;
  /** By their places. */
  readonly #columns: ColumnSchema[] = [];
  readonly #blocks: BlockHashes[][] = [];
  #file: { readonly parquet: ParquetWriter; readonly sync: EarlySync } | null = null;

  constructor(target: StretchTarget | null, rows: number, options: StretchWriterOptions) {
    this.#target = target;
    this.#rows = rows;
    this.#options = options;
  }

  /**
   * @param asked the view of the columns that are looked up.
   * @returns how many rows got nothing of it because the row that held was too old.
   */
  async write(
    columns: readonly SetColumn[],
    asked: AskedRows | null,
    onWritten: () => void,
  ): Promise<number> {
    const { signal, withHashes } = this.#options;
    if (this.#target !== null) this.#file ??= await opened(this.#target);
    for (const { place, name, type } of columns) {
      this.#columns[place] = { name, type };
      this.#blocks[place] = [];
    }
    const before = this.columnsWritten;
    let expired = 0;
    for await (const { from, to, stretch } of inOrder(this.#rows, this.#stretchesOf(columns, asked))) {
      signal.throwIfAborted();
      const found = stretch.columns.values();
      for (const column of columns) {
        const result = column.task === null ? null : found.next().value!;
        const withChunks = this.#file !== null;
        const { chunk, hashes } = await encodedColumn(column, result, { from, to, withHashes, withChunks });
        if (this.#file !== null && chunk !== null) {
          await this.#file.parquet.add(column.place, chunk);
          // What a thread has handed over is ours alone.
          if (!this.#isInline && result?.kind === 'encoded') giveBackChunk(chunk);
        }
        if (hashes !== null) this.#blocks[column.place]!.push(hashes);
      }
      await this.#file?.sync.begin();
      expired += stretch.expiredRows;
      this.columnsWritten = before + (columns.length * to) / this.#rows;
      onWritten();
    }
    return expired;
  }

  /** @returns the columns' hashes, null unless they were wanted. */
  async finish(): Promise<ColumnHash[] | null> {
    if (this.#target !== null) await this.#file?.parquet.finish(this.#columns, this.#target.createdBy);
    await this.#file?.sync.end();
    if (!this.#options.withHashes) return null;
    return this.#columns.map((column, place) => joinBlocks(column, this.#blocks[place]!));
  }

  get #isInline(): boolean {
    return this.#rows < INLINE_ROWS;
  }

  #stretchesOf(columns: readonly SetColumn[], asked: AskedRows | null): Compute {
    const { threads, withHashes, signal } = this.#options;
    return async (from, to) => {
      const task = {
        view: asked === null ? null : asked.task(from, to),
        columns: columns.flatMap((column) => column.task?.(from, to) ?? []),
        withHashes,
        withChunks: this.#target !== null,
      };
      return this.#isInline ? computeStretch(task) : threads.stretch(task, { signal });
    };
  }
}

async function opened({
  handle,
  onFirst,
}: StretchTarget): Promise<{ parquet: ParquetWriter; sync: EarlySync }> {
  onFirst();
  return { parquet: await ParquetWriter.open(handle), sync: new EarlySync(handle) };
}

interface WantedColumn {
  readonly from: number;
  readonly to: number;
  readonly withHashes: boolean;
  readonly withChunks: boolean;
}

/** What threads found is there already; text is encoded here. */
async function encodedColumn(
  { text }: SetColumn,
  result: StretchedColumn | null,
  { from, to, withHashes, withChunks }: WantedColumn,
): Promise<{ readonly chunk: EncodedChunk | null; readonly hashes: BlockHashes | null }> {
  if (result !== null && result.kind === 'encoded') return result;
  const rows = text!.rows(from, to, result?.codes ?? null);
  return {
    chunk: withChunks ? await encodeChunk(encodeRows(rows, text!.encoded)) : null,
    hashes: withHashes ? hashBlocks(rows) : null,
  };
}

type Compute = (from: number, to: number) => Promise<Stretch>;

interface ComputedStretch {
  readonly from: number;
  readonly to: number;
  readonly stretch: Stretch;
}

/** Stretches in their order, some more of them on their way than there are threads. */
async function* inOrder(rows: number, compute: Compute): AsyncGenerator<ComputedStretch> {
  const ahead = os.availableParallelism() + 1;
  const pending: (Omit<ComputedStretch, 'stretch'> & { readonly stretch: Promise<Stretch> })[] = [];
  for (let next = 0; next < rows || pending.length > 0; ) {
    while (next < rows && pending.length < ahead) {
      const to = Math.min(rows, next + GROUP_ROWS);
      const stretch = compute(next, to);
      // Told below, when it is its turn.
      stretch.catch(() => undefined);
      pending.push({ from: next, to, stretch });
      next = to;
    }
    const first = pending.shift()!;
    yield { ...first, stretch: await first.stretch };
  }
}
