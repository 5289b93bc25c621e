import {
  createWindowSweep,
  EXPIRED_WINNER,
  type KeyedSpine,
  type PointInTimeIndex,
  pointInTimeIndex,
  searchWinners,
} from '../../../../numerics/windows/index.ts';
import type { AggregateFunction } from '../../../../shared/definitions/features.ts';
import type { Column } from '../../../../shared/table/column.ts';
import { type HistoryKeyPart, historyKeys, type KeyIndex } from '../keys/history-keys.ts';
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
  /** For windows: the key ids of the history's rows; null when there are none. */
  readonly ids: Uint32Array | null;
}

/** Some spine rows and what they are to get. */
export interface FeatureTask {
  readonly prepared: PreparedHistory;
  readonly history: Pick<HistoryTask, 'event' | 'known' | 'until' | 'knownCut'>;
  readonly spine: { readonly keys: readonly SpineKeyPart[]; readonly time: Float64Array };
  readonly ttlMicros: number | null;
  /** Source columns of the features that are taken from the winning row. Of text only the codes matter here. */
  readonly columns: readonly Column[];
  readonly aggregates: readonly {
    readonly values: Float64Array | null;
    readonly windowMicros: number;
    readonly exclusive: boolean;
    readonly functions: readonly AggregateFunction[];
  }[];
}

export interface ComputedFeatures {
  /** Per source column. */
  readonly gathered: readonly Gathered[];
  /** Rows that got nothing because the row that held was too old. */
  readonly expiredRows: number;
  /** Per aggregate, per function, one value per spine row. */
  readonly aggregates: readonly (readonly Float64Array[])[];
}

export function prepareHistory(task: HistoryTask): PreparedHistory {
  const { ids, index: keyIndex } = historyKeys(task.keys, task.event.length);
  const history = { key: ids, event: task.event, known: task.known, until: task.until };
  return {
    keyIndex,
    index: task.hasRowFeatures
      ? sharedIndex(pointInTimeIndex(history, task.knownCut, (bytes) => new SharedArrayBuffer(bytes)))
      : null,
    ids: task.hasAggregates ? shared(ids) : null,
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

export function computeFeatures(
  task: FeatureTask,
  onProgress: (fraction: number) => void = () => undefined,
): ComputedFeatures {
  const { prepared, history } = task;
  const asked = questionsOf(task);
  const steps = task.aggregates.length + 1;
  const sweep =
    prepared.ids === null || steps === 1 ? null : createWindowSweep({ ...history, key: prepared.ids }, asked);
  onProgress(1 / (steps + 1));
  const aggregates = task.aggregates.map((request, index) => {
    const arrays = sweep!.aggregate(request);
    onProgress((index + 2) / (steps + 1));
    return arrays;
  });
  if (prepared.index === null) return { gathered: [], expiredRows: 0, aggregates };
  const { won, expiredRows } = foundWinners(task, prepared.index, asked);
  return { gathered: task.columns.map((column) => gatherColumn(column, won)), expiredRows, aggregates };
}

export interface FoundWinners {
  readonly won: WinnerRows;
  /** Rows that got nothing because the row that held was too old. */
  readonly expiredRows: number;
}

/** The rows of a history that the features of some spine rows are taken from. @param task without windows. */
export function findWinners(task: FeatureTask): FoundWinners {
  const { index } = task.prepared;
  if (index === null) return { won: winnerRows(new Int32Array(0)), expiredRows: 0 };
  return foundWinners(task, index, questionsOf(task));
}

const questionsOf = ({ prepared, history, spine }: FeatureTask): KeyedSpine => ({
  key: spineKeyIds(spine.keys, prepared.keyIndex, spine.time.length),
  time: spine.time,
  knownCut: history.knownCut,
});

function foundWinners({ ttlMicros }: FeatureTask, index: PointInTimeIndex, asked: KeyedSpine): FoundWinners {
  const winners = searchWinners(index, asked, ttlMicros);
  return { won: winnerRows(winners), expiredRows: countOf(winners, EXPIRED_WINNER) };
}

function countOf(values: Int32Array, wanted: number): number {
  let count = 0;
  for (let row = 0; row < values.length; row++) if (values[row] === wanted) count++;
  return count;
}

/** The memory of a result, which is handed over and not copied. */
export function buffersOf({ gathered, aggregates }: ComputedFeatures): ArrayBuffer[] {
  const arrays = [...aggregates.flat(), ...gathered.flatMap(({ values, validity }) => [values, validity])];
  const buffers = arrays.flatMap((array) =>
    array !== null && array.buffer instanceof ArrayBuffer ? [array.buffer] : [],
  );
  // Two features may be the same array.
  return [...new Set(buffers)];
}
