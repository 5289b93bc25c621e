import type { Column, Table } from '../../../shared/table/column.ts';
import type { FeatureThreads } from './compute/feature-threads.ts';
import type { PlannedView } from './join-plan.ts';
import type { JoinedData } from './joined-data.ts';
import type { SourceVersion } from './known-source.ts';
import { requestFeatures } from './request-features.ts';
import { SourceTables } from './source-tables.ts';
import { times } from './time-columns.ts';
import { ViewFeatures, type ViewOptions } from './view-features.ts';
import { loadHistory, type ViewHistory } from './view-history.ts';

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
  /** Where the work is done when there is much of it; on the engine's own thread unless said. */
  readonly threads?: FeatureThreads | undefined;
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

/** Views computed at the same time: each has its arrays in memory. */
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
  const results: (readonly Column[])[] = [];
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
): Promise<readonly Column[]> {
  if (planned.request !== null) {
    const columns = await requestFeatures(planned, planned.request, request.spine, request.signal);
    request.onView?.({ planned, source: null, expiredRows: 0 });
    onProgress(1);
    return columns;
  }
  const history = await loadHistory(sources, planned);
  request.signal?.throwIfAborted();
  onProgress(0.2);
  const view = await ViewFeatures.prepare(history, planned, request);
  request.signal?.throwIfAborted();
  onProgress(0.4);
  const { columns, expiredRows } = await view.columns(request.spine, time, (fraction) =>
    onProgress(0.4 + 0.6 * fraction),
  );
  request.onView?.({ planned, source: sources.of(planned), expiredRows });
  onProgress(1);
  return columns;
}

/** One view's features for every spine row out of a history in memory. */
export async function featuresOf(
  history: ViewHistory,
  planned: PlannedView,
  request: ViewOptions & { readonly spine: Table; readonly time: Float64Array },
): Promise<readonly Column[]> {
  const view = await ViewFeatures.prepare(history, planned, request);
  return (await view.columns(request.spine, request.time)).columns;
}
