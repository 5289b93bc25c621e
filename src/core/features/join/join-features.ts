import { EXPIRED_WINNER } from '../../../numerics/windows/index.ts';
import type { FeatureDefinition } from '../../../shared/definitions/features.ts';
import {
  type Column,
  findColumn,
  isPresent,
  isWideInteger,
  type Table,
} from '../../../shared/table/column.ts';
import {
  type AggregateRequest,
  aggregateColumn,
  aggregateRequests,
  functionsOf,
  valuesToSweep,
} from './aggregate-requests.ts';
import { type DenseKeys, denseKeys } from './dense-keys.ts';
import type { PlannedView } from './join-plan.ts';
import type { JoinedData } from './joined-data.ts';
import type { SourceVersion } from './known-source.ts';
import { requestFeatures } from './request-features.ts';
import { SourceTables } from './source-tables.ts';
import { requireSpineColumn } from './spine-columns.ts';
import { sweepInWorker } from './sweep-in-worker.ts';
import { type SweepResult, type SweepTask, shared, sharedKeys } from './sweep-task.ts';
import { times } from './time-columns.ts';
import { loadHistory, requireSourceColumn, type ViewHistory } from './view-history.ts';

export interface JoinRequest {
  readonly views: readonly PlannedView[];
  readonly spine: Table;
  /** Column of the spine with the instant at which features are asked for. */
  readonly eventTime: string;
  /** `row`: only what was known at each row's own time, for views that have a known time. A number: known by then. */
  readonly asKnown: 'row' | number | null;
  /** The data that a view reads: the newest version unless said. */
  readonly sourceOf?: ((planned: PlannedView) => SourceVersion) | undefined;
  /** Told of each view once it is joined. */
  readonly onView?: ((joined: JoinedView) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** A view after its join: what it read, and how many rows got nothing because the row that held was too old. */
export interface JoinedView {
  readonly planned: PlannedView;
  /** Null for a view that is computed from requests. */
  readonly source: SourceVersion | null;
  readonly expiredRows: number;
}

/** Views computed at the same time: each has a thread of its own and its arrays in memory. */
const CONCURRENT_VIEWS = 2;

/**
 * The features of every spine row as of its own time, one column `alias__feature` each, rows and order as in the spine.
 * The rules are those of docs/pit-semantics.md.
 */
export async function joinFeatures(data: JoinedData, request: JoinRequest): Promise<Column[]> {
  const time = times(request.spine, request.eventTime);
  const done = request.views.map(() => 0);
  const report = (index: number, fraction: number): void => {
    done[index] = fraction;
    request.onProgress?.(done.reduce((sum, part) => sum + part, 0) / done.length);
  };
  const sources = new SourceTables(data, request.views, request);
  const results: Column[][] = [];
  let next = 0;
  const takeTurns = async (): Promise<void> => {
    for (let index = next++; index < request.views.length; index = next++) {
      results[index] = await joinView(sources, request, request.views[index]!, time, (fraction) =>
        report(index, fraction),
      );
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_VIEWS }, takeTurns));
  return results.flat();
}

async function joinView(
  sources: SourceTables,
  request: JoinRequest,
  planned: PlannedView,
  time: Float64Array,
  onProgress: (fraction: number) => void,
): Promise<Column[]> {
  if (planned.request !== null) {
    const columns = await requestFeatures(planned, planned.request, request.spine, request.signal);
    request.onView?.({ planned, source: null, expiredRows: 0 });
    onProgress(1);
    return columns;
  }
  const history = await loadHistory(sources, planned);
  request.signal?.throwIfAborted();
  onProgress(0.2);
  const onExpired = (expiredRows: number): void =>
    request.onView?.({ planned, source: sources.of(planned), expiredRows });
  return featuresOf(history, planned, { ...request, time, onExpired }, onProgress);
}

/** One view's features for every spine row out of a history in memory. */
export async function featuresOf(
  history: ViewHistory,
  planned: PlannedView,
  request: Pick<JoinRequest, 'spine' | 'asKnown' | 'signal'> & {
    readonly time: Float64Array;
    /** Told how many rows got nothing because the row that held was too old. */
    readonly onExpired?: (rows: number) => void;
  },
  onProgress: (fraction: number) => void = () => undefined,
): Promise<Column[]> {
  const keys = keysOf(planned, history.table, request.spine);
  const requests = aggregateRequests(planned.features);
  const task: SweepTask = {
    history: {
      key: sharedKeys(keys.history),
      event: shared(history.event),
      known: history.known === null ? null : shared(history.known),
    },
    spine: {
      key: sharedKeys(keys.spine),
      time: shared(request.time),
      // Without a known time of its own, what a view knew was decided by the choice of its source.
      knownCut: history.known === null ? null : request.asKnown,
    },
    aggregates: requests.map((one) => ({
      values:
        one.of === null
          ? null
          : shared(valuesToSweep(requireSourceColumn(history.table, planned, one.of), one)),
      windowMicros: one.windowMicros,
      exclusive: one.exclusive,
      functions: functionsOf(one),
    })),
    winners: planned.features.some((feature) => feature.aggregate === undefined)
      ? { ttlMicros: history.ttlMicros }
      : null,
  };
  const result = await sweepInWorker(task, {
    signal: request.signal,
    onProgress: (fraction) => onProgress(0.2 + 0.75 * fraction),
  });
  const columns = planned.features.map((feature) =>
    outputColumn(feature, planned, history, requests, result),
  );
  request.onExpired?.(result.winners === null ? 0 : countOf(result.winners, EXPIRED_WINNER));
  onProgress(1);
  return columns;
}

function countOf(values: Int32Array, wanted: number): number {
  let count = 0;
  for (let row = 0; row < values.length; row++) if (values[row] === wanted) count++;
  return count;
}

/** The features that are taken from one row, of these rows of the history. */
export function rowFeatures(history: ViewHistory, planned: PlannedView, rows: Int32Array): Column[] {
  return planned.features
    .filter((feature) => feature.aggregate === undefined)
    .map((feature) => outputColumn(feature, planned, history, [], { aggregates: [], winners: rows }));
}

/** The source columns that the view's aggregates read. */
export function aggregatedColumns(history: ViewHistory, planned: PlannedView): Column[] {
  const names = new Set(planned.features.flatMap(({ aggregate }) => aggregate?.of ?? []));
  names.delete('*');
  return [...names].map((name) => requireSourceColumn(history.table, planned, name));
}

function keysOf(planned: PlannedView, source: Table, spine: Table): DenseKeys {
  const parts = planned.keys.map(({ name, source: sourceName, spine: spineName }) => {
    const spineColumn = requireSpineColumn(spine, planned, name, spineName);
    return { name, history: findColumn(source, sourceName)!, spine: spineColumn };
  });
  return denseKeys(parts, { history: source.rows, spine: spine.rows });
}

function outputColumn(
  feature: FeatureDefinition,
  planned: PlannedView,
  history: ViewHistory,
  requests: readonly AggregateRequest[],
  result: SweepResult,
): Column {
  const name = `${planned.alias}__${feature.name}`;
  if (feature.aggregate === undefined) {
    const source = feature.expression === undefined ? (feature.column ?? feature.name) : feature.name;
    return pick(name, requireSourceColumn(history.table, planned, source), result.winners!);
  }
  const request = requests.findIndex((candidate) => candidate.features.includes(feature));
  const values = result.aggregates[request]![requests[request]!.features.indexOf(feature)]!;
  const { fn, of } = feature.aggregate;
  return aggregateColumn(
    name,
    values,
    fn === 'last' ? requireSourceColumn(history.table, planned, of) : null,
  );
}

/** The winners' values of a source column; null where there is no winner or the winner's value is null. */
function pick(name: string, source: Column, winners: Int32Array): Column {
  const rows = winners.length;
  const validity = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    validity[row] = winners[row]! >= 0 && isPresent(source, winners[row]!) ? 1 : 0;
  }
  if (source.type === 'string') {
    const values = new Uint32Array(rows);
    for (let row = 0; row < rows; row++) if (winners[row]! >= 0) values[row] = source.values[winners[row]!]!;
    return { name, type: 'string', validity, values, dictionary: source.dictionary };
  }
  if (source.type === 'bool') {
    const values = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) if (winners[row]! >= 0) values[row] = source.values[winners[row]!]!;
    return { name, type: 'bool', validity, values };
  }
  if (isWideInteger(source)) {
    const values = new BigInt64Array(rows);
    for (let row = 0; row < rows; row++) if (winners[row]! >= 0) values[row] = source.values[winners[row]!]!;
    return { name, type: 'int64', validity, values };
  }
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) if (winners[row]! >= 0) values[row] = source.values[winners[row]!]!;
  return { name, type: source.type, validity, values };
}
