import type { FileHandle } from 'node:fs/promises';
import os from 'node:os';
import { type BlockHashes, hashBlocks, joinBlocks } from '../../../trust/table-hash/index.ts';
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
import { INLINE_ROWS } from '../join/view-features.ts';
import type { DraftSet } from './build-set.ts';
import type { SetHashes } from './describe-set.ts';
import { EarlySync } from './early-sync.ts';
import { type SetColumn, setColumns } from './set-columns.ts';

export interface WriteStretchesOptions {
  readonly createdBy: string;
  readonly threads: FeatureThreads;
  readonly withHashes: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

export interface WrittenStretches {
  /** Null unless they were wanted. */
  readonly hashes: SetHashes | null;
  /** Per view that was answered in stretches, rows that got nothing because the row that held was too old. */
  readonly expiredRows: readonly number[];
}

/**
 * Writes a set as Parquet, a row group at a time: threads look up a stretch's features, hash and encode them while the one
 * before is written. In memory beside the spine and the histories are the stretches on their way, whatever the set's length.
 */
export async function writeStretches(
  handle: FileHandle,
  { spine, parts, names }: DraftSet,
  { createdBy, threads, withHashes, signal, onProgress }: WriteStretchesOptions,
): Promise<WrittenStretches> {
  const columns = setColumns(spine.columns, parts, names);
  const asked = parts.flatMap((part) => (part.kind === 'stretches' ? [part.asked] : []));
  const isInline = spine.rows < INLINE_ROWS;
  const compute = async (from: number): Promise<Stretch> => {
    const to = Math.min(spine.rows, from + GROUP_ROWS);
    const task = {
      views: asked.map((one) => one.task(from, to)),
      columns: columns.flatMap((column) => column.task?.(from, to) ?? []),
      withHashes,
    };
    return isInline ? computeStretch(task) : threads.stretch(task, { signal });
  };

  const writer = await ParquetWriter.open(handle);
  const sync = new EarlySync(handle);
  const blocks = columns.map((): BlockHashes[] => []);
  const expired = asked.map(() => 0);
  for await (const { from, stretch } of inOrder(spine.rows, compute)) {
    signal.throwIfAborted();
    const to = Math.min(spine.rows, from + GROUP_ROWS);
    const found = stretch.columns.values();
    for (const [index, column] of columns.entries()) {
      const result = column.task === null ? null : found.next().value!;
      const { chunk, hashes } = await encodedColumn(column, result, { from, to, withHashes });
      await writer.add(index, chunk);
      // What a thread has handed over is ours alone.
      if (!isInline && result?.kind === 'encoded') giveBackChunk(result.chunk);
      if (hashes !== null) blocks[index]!.push(hashes);
    }
    await sync.begin();
    for (const [view, rows] of stretch.expiredRows.entries()) expired[view] = expired[view]! + rows;
    onProgress(to / spine.rows);
  }
  await writer.finish(columns, createdBy);
  await sync.end();
  if (!withHashes) return { hashes: null, expiredRows: expired };
  const all = columns.map((column, index) => joinBlocks(column, blocks[index]!));
  const width = spine.columns.length;
  return { hashes: { spine: all.slice(0, width), features: all.slice(width) }, expiredRows: expired };
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

/** Stretches in their order, some more of them on their way than there are threads. */
async function* inOrder(
  rows: number,
  compute: (from: number) => Promise<Stretch>,
): AsyncGenerator<{ readonly from: number; readonly stretch: Stretch }> {
  const ahead = os.availableParallelism() + 1;
  const pending: { readonly from: number; readonly stretch: Promise<Stretch> }[] = [];
  for (let next = 0; next < rows || pending.length > 0; ) {
    while (next < rows && pending.length < ahead) {
      const stretch = compute(next);
      // Told below, when it is its turn.
      stretch.catch(() => undefined);
      pending.push({ from: next, stretch });
      next += GROUP_ROWS;
    }
    const first = pending.shift()!;
    yield { from: first.from, stretch: await first.stretch };
  }
}
