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
import { computeStretch, giveBackChunk, type Stretch, type StretchedColumn } from '../join/compute/stretch-task.ts';
import { type AskedRows, INLINE_ROWS } from '../join/view-features.ts';
import { EarlySync } from './early-sync.ts';
import type { SetColumn } from './set-columns.ts';

export interface StretchWriterOptions {
  readonly createdBy: string;
  readonly threads: FeatureThreads;
  readonly withHashes: boolean;
  readonly signal: AbortSignal;
  /** Told before the first byte is written. */
  readonly onFirst: () => void;
}

/** A file that grows by columns of all rows. */
export class StretchWriter {
  /** In part, too. */
  columnsWritten = 0;
  readonly #handle: FileHandle;
  readonly #rows: number;
  readonly #options: StretchWriterOptions;
  readonly #sync: EarlySync;
  /** By their places. */
  readonly #columns: ColumnSchema[] = [];
  readonly #blocks: BlockHashes[][] = [];
  #file: ParquetWriter | null = null;

  constructor(handle: FileHandle, rows: number, options: StretchWriterOptions) {
    this.#handle = handle;
    this.#rows = rows;
    this.#options = options;
    this.#sync = new EarlySync(handle);
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
    this.#file ??= await this.#open();
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
        const { chunk, hashes } = await encodedColumn(column, result, { from, to, withHashes });
        await this.#file.add(column.place, chunk);
        // What a thread has handed over is ours alone.
        if (!this.#isInline && result?.kind === 'encoded') giveBackChunk(chunk);
        if (hashes !== null) this.#blocks[column.place]!.push(hashes);
      }
      await this.#sync.begin();
      expired += stretch.expiredRows;
      this.columnsWritten = before + (columns.length * to) / this.#rows;
      onWritten();
    }
    return expired;
  }

  /** @returns the columns' hashes, null unless they were wanted. */
  async finish(): Promise<ColumnHash[] | null> {
    await this.#file?.finish(this.#columns, this.#options.createdBy);
    await this.#sync.end();
    if (!this.#options.withHashes) return null;
    return this.#columns.map((column, place) => joinBlocks(column, this.#blocks[place]!));
  }

  #open(): Promise<ParquetWriter> {
    this.#options.onFirst();
    return ParquetWriter.open(this.#handle);
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
      };
      return this.#isInline ? computeStretch(task) : threads.stretch(task, { signal });
    };
  }
}

/** What threads found is there already; text is encoded here. */
async function encodedColumn(
  { text }: SetColumn,
  result: StretchedColumn | null,
  { from, to, withHashes }: { readonly from: number; readonly to: number; readonly withHashes: boolean },
): Promise<{ readonly chunk: EncodedChunk; readonly hashes: BlockHashes | null }> {
  if (result !== null && result.kind === 'encoded') return result;
  const rows = text!.rows(from, to, result?.codes ?? null);
  return {
    chunk: await encodeChunk(encodeRows(rows, text!.encoded)),
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
