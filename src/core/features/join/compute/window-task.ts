import {
  createWindowSweep,
  type KeyPartition,
  keyPartitions,
  partitionRows,
  type SharedKeys,
} from '../../../../numerics/windows/index.ts';
import type { Column } from '../../../../shared/table/column.ts';
import { takeColumnRows } from '../../../../shared/table/take-rows.ts';
import { takeNumbers } from '../../../../shared/table/take-values.ts';
import { type AggregateRequest, functionsOf, valuesToSweep } from '../aggregate-requests.ts';
import { rowsByKey } from '../keys/rows-by-key.ts';
import { type SpineKeyPart, spineKeyIds } from '../keys/spine-keys.ts';
import type { HistoryTask, PreparedHistory } from './feature-task.ts';

/** Rows of a history and a spine that are swept at a time, unless one key has more. */
const PARTITION_ROWS = 131_072;

/** The spine of a view with windows, whose keys are to be met with its history's. */
export interface PartitionTask {
  readonly prepared: PreparedHistory;
  readonly keys: readonly SpineKeyPart[];
  readonly rows: number;
}

/** History and spine by key, in memory that threads share, and how the keys are divided among them. */
export interface KeyedWindows {
  readonly keys: SharedKeys;
  readonly partitions: readonly KeyPartition[];
}

/** Windows over the history of some keys, for all spine rows that ask for one of these. */
export interface WindowTask {
  readonly keys: SharedKeys;
  readonly partition: KeyPartition;
  readonly history: Pick<HistoryTask, 'event' | 'known' | 'until' | 'knownCut'>;
  /** Of every spine row. */
  readonly time: Float64Array;
  readonly requests: readonly WindowOutputs[];
}

export interface WindowOutputs {
  readonly request: AggregateRequest;
  /** What is aggregated; null for a count of rows. Of text only the codes matter. */
  readonly source: Column | null;
  /** Per function, one value per spine row: other rows than those asked for are left as they are. */
  readonly outputs: readonly Float64Array[];
}

/** Brings the keys of a spine together with those of the history, and divides them into partitions of about so many rows. */
export function partitionWindows(
  { prepared, keys, rows }: PartitionTask,
  mostRows = PARTITION_ROWS,
): KeyedWindows {
  const history = prepared.runs!;
  const ids = spineKeyIds(keys, prepared.keyIndex, rows);
  const met = { history, spine: rowsByKey(ids, history.starts.length - 1) };
  return { keys: met, partitions: keyPartitions(met, mostRows) };
}

/**
 * Fills in the outputs of a partition's rows. Each key is swept on its own, with all of its facts and questions, so that it
 * does not matter which others are in the partition.
 */
export function computeWindows({ keys, partition, history, time, requests }: WindowTask): void {
  const { history: facts, spine: questions } = partitionRows(keys, partition);
  const taken = (values: Float64Array | null): Float64Array | null =>
    values === null ? null : takeNumbers(values, facts.rows);
  const sweep = createWindowSweep(
    {
      key: facts.key,
      event: takeNumbers(history.event, facts.rows),
      known: taken(history.known),
      until: taken(history.until),
    },
    { key: questions.key, time: takeNumbers(time, questions.rows), knownCut: history.knownCut },
  );
  for (const { request, source, outputs } of requests) {
    const found = sweep.aggregate({
      values: source === null ? null : valuesToSweep(takeColumnRows(source, facts.rows), request),
      windowMicros: request.windowMicros,
      exclusive: request.exclusive,
      functions: functionsOf(request),
    });
    for (const [index, values] of found.entries()) putBack(values, questions.rows, outputs[index]!);
  }
}

function putBack(values: Float64Array, rows: Uint32Array, output: Float64Array): void {
  for (let at = 0; at < rows.length; at++) output[rows[at]!] = values[at]!;
}
