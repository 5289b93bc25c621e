import {
  EXPIRED_WINNER,
  type KeyedSpine,
  type KeyRuns,
  type PointInTimeIndex,
  pointInTimeIndex,
  searchWinners,
} from '../../../../numerics/windows/index.ts';
import type { Column } from '../../../../shared/table/column.ts';
import { type HistoryKeyPart, historyKeys, type KeyIndex } from '../keys/history-keys.ts';
import { rowsByKey } from '../keys/rows-by-key.ts';
import { type SpineKeyPart, spineKeyIds } from '../keys/spine-keys.ts';
import { type Gathered, gatherColumn, type WinnerRows, winnerRows } from './gather.ts';
import { shared } from './shared-memory.ts';

/** A view's history made ready once for any spine; its arrays are in memory that threads share. */
export interface HistoryTask {
  readonly keys: readonly HistoryKeyPart[];
  readonly event: Float64Array;
  readonly known: Float64Array | null;
  /** When a correction of each row became known; null where none ends a row. */
  readonly until: Float64Array | null;
  readonly knownCut: 'row' | number | null;
  /** The view has features that are taken from the winning row. */
  readonly hasRowFeatures: boolean;
  /** The view has features over windows. */
  readonly hasAggregates: boolean;
}

export interface PreparedHistory {
  readonly keyIndex: KeyIndex;
  /** For winning rows; null when no feature is taken from one. */
  readonly index: PointInTimeIndex | null;
  /** For windows: the history's rows by key; null when there are none. */
  readonly runs: KeyRuns | null;
}

/** Some spine rows and what they are to get out of a row of the history each. */
export interface FeatureTask {
  readonly prepared: PreparedHistory;
  readonly history: Pick<HistoryTask, 'event' | 'known' | 'until' | 'knownCut'>;
  readonly spine: { readonly keys: readonly SpineKeyPart[]; readonly time: Float64Array };
  readonly ttlMicros: number | null;
  /** Source columns of the features that are taken from the winning row. Of text only the codes matter here. */
  readonly columns: readonly Column[];
}

export interface ComputedFeatures {
  /** Per source column. */
  readonly gathered: readonly Gathered[];
  /** Rows that got nothing because the row that held was too old. */
  readonly expiredRows: number;
}

/** Sorts a history for any spine; what it gives lies in memory that threads share. */
export function prepareHistory(task: HistoryTask): PreparedHistory {
  const { ids, index: keyIndex } = historyKeys(task.keys, task.event.length);
  const history = { key: ids, event: task.event, known: task.known, until: task.until };
  return {
    keyIndex,
    index: task.hasRowFeatures
      ? sharedIndex(pointInTimeIndex(history, task.knownCut, (bytes) => new SharedArrayBuffer(bytes)))
      : null,
    runs: task.hasAggregates ? rowsByKey(ids) : null,
  };
}

function sharedIndex(index: PointInTimeIndex): PointInTimeIndex {
  const usableFrom = shared(index.usableFrom);
  return {
    starts: shared(index.starts),
    usableFrom,
    winner: shared(index.winner),
    winnerEvent: index.winnerEvent === index.usableFrom ? usableFrom : shared(index.winnerEvent),
  };
}

/** Looks up the features of some spine rows that are taken from one row of the history. */
export function computeFeatures(task: FeatureTask): ComputedFeatures {
  const { won, expiredRows } = findWinners(task);
  return { gathered: task.columns.map((column) => gatherColumn(column, won)), expiredRows };
}

export interface FoundWinners {
  readonly won: WinnerRows;
  /** Rows that got nothing because the row that held was too old. */
  readonly expiredRows: number;
}

/** The rows of a history that the features of some spine rows are taken from. */
export function findWinners({ prepared, history, spine, ttlMicros }: FeatureTask): FoundWinners {
  if (prepared.index === null) return { won: winnerRows(new Int32Array(0)), expiredRows: 0 };
  const asked: KeyedSpine = {
    key: spineKeyIds(spine.keys, prepared.keyIndex, spine.time.length),
    time: spine.time,
    knownCut: history.knownCut,
  };
  const winners = searchWinners(prepared.index, asked, ttlMicros);
  return { won: winnerRows(winners), expiredRows: countOf(winners, EXPIRED_WINNER) };
}

function countOf(values: Int32Array, wanted: number): number {
  let count = 0;
  for (let row = 0; row < values.length; row++) if (values[row] === wanted) count++;
  return count;
}

/** The memory of a result, which is handed over and not copied. */
export function buffersOf({ gathered }: ComputedFeatures): ArrayBuffer[] {
  const arrays = gathered.flatMap(({ values, validity }) => [values, validity]);
  const buffers = arrays.flatMap((array) =>
    array !== null && array.buffer instanceof ArrayBuffer ? [array.buffer] : [],
  );
  // Two features may be the same array.
  return [...new Set(buffers)];
}
