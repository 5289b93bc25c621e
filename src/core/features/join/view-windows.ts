import { emptyWindow } from '../../../numerics/windows/index.ts';
import type { FeatureDefinition } from '../../../shared/definitions/features.ts';
import type { Column } from '../../../shared/table/column.ts';
import { aggregateColumn, aggregateRequests, checkAggregated, functionsOf } from './aggregate-requests.ts';
import type { HistoryTask, PreparedHistory } from './compute/feature-task.ts';
import type { FeatureThreads } from './compute/feature-threads.ts';
import { shareColumn } from './compute/shared-memory.ts';
import { computeWindows, partitionWindows, type WindowOutputs } from './compute/window-task.ts';
import type { SpineKeyPart } from './keys/spine-keys.ts';

/** A view's windows as a spine asks for them. */
export interface AskedWindows {
  readonly alias: string;
  /** Those over windows. */
  readonly features: readonly FeatureDefinition[];
  readonly prepared: PreparedHistory;
  readonly history: Pick<HistoryTask, 'event' | 'known' | 'until' | 'knownCut'>;
  /** A column of the view's source. */
  sourceOf(name: string): Column;
  /** Of every row of the spine; in memory that threads share, as all arrays here, if there are threads. */
  readonly keys: readonly SpineKeyPart[];
  readonly time: Float64Array;
  readonly threads: FeatureThreads | null;
  readonly signal: AbortSignal | undefined;
}

/** Some features of a view for every row of the spine. */
export interface WindowColumns {
  readonly features: readonly FeatureDefinition[];
  readonly columns: readonly Column[];
}

export interface WindowOptions {
  /** What the columns computed at a time take at most, unless a single one takes more. */
  readonly mostBytes: number;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/**
 * Features over windows, some of them at a time: all of the spine's rows are answered key partition by key partition, so that
 * beside the history and the spine there are only the columns that are being computed, and partitions in work. The memory of
 * columns is used again for those that follow.
 */
export async function* windowColumns(
  asked: AskedWindows,
  { mostBytes, onProgress }: WindowOptions,
): AsyncGenerator<WindowColumns> {
  const { prepared, keys, history, time, threads, signal, features } = asked;
  if (features.length === 0) return;
  const task = { prepared, keys, rows: time.length };
  const keyed = threads === null ? partitionWindows(task) : await threads.partition(task, { signal });
  const batches = batchesOf(features, time.length, mostBytes);
  const memory = batches[0]!.map(() => new Float64Array(memoryFor(threads, 8 * time.length)));
  for (const [done, batch] of batches.entries()) {
    const requests = outputsOf(asked, batch, memory);
    let swept = 0;
    const sweep = async (partition: (typeof keyed.partitions)[number]): Promise<void> => {
      const work = { keys: keyed.keys, partition, history, time, requests };
      if (threads === null) computeWindows(work);
      else await threads.windows(work, { signal });
      swept++;
      onProgress?.((done + swept / keyed.partitions.length) / batches.length);
    };
    await Promise.all(keyed.partitions.map(sweep));
    signal?.throwIfAborted();
    yield { features: batch, columns: batch.map((feature) => columnOf(asked, feature, requests)) };
  }
}

/** Features over one window together, since a sweep serves several of them. */
function batchesOf(
  features: readonly FeatureDefinition[],
  rows: number,
  mostBytes: number,
): FeatureDefinition[][] {
  const ordered = aggregateRequests(features).flatMap((request) => request.features);
  const size = Math.max(1, Math.floor(mostBytes / (Float64Array.BYTES_PER_ELEMENT * rows)));
  const batches: FeatureDefinition[][] = [];
  for (let from = 0; from < ordered.length; from += size) batches.push(ordered.slice(from, from + size));
  return batches;
}

const memoryFor = (threads: FeatureThreads | null, bytes: number): ArrayBufferLike =>
  threads === null ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);

function outputsOf(
  { sourceOf }: AskedWindows,
  batch: readonly FeatureDefinition[],
  memory: readonly Float64Array[],
): WindowOutputs[] {
  let used = 0;
  return aggregateRequests(batch).map((request) => {
    const source = request.of === null ? null : sourceOf(request.of);
    if (source !== null) checkAggregated(source, request);
    return {
      request,
      source: source?.type === 'string' ? { ...source, dictionary: [] } : source,
      outputs: functionsOf(request).map((fn) => memory[used++]!.fill(emptyWindow(fn))),
    };
  });
}

function columnOf(
  { alias, sourceOf, threads }: AskedWindows,
  feature: FeatureDefinition,
  requests: readonly WindowOutputs[],
): Column {
  const { request, outputs } = requests.find((one) => one.request.features.includes(feature))!;
  const { fn, of } = feature.aggregate!;
  const last = fn === 'last' ? sourceOf(of) : null;
  const column = aggregateColumn(
    `${alias}__${feature.name}`,
    outputs[request.features.indexOf(feature)]!,
    last,
  );
  return threads === null ? column : shareColumn(column);
}
