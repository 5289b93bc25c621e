import type { Column, Table } from '../../../shared/table/column.ts';
import type { FeatureThreads } from './compute/feature-threads.ts';
import type { PlannedView } from './join-plan.ts';
import type { JoinedData } from './joined-data.ts';
import type { SourceVersion } from './known-source.ts';
import { requestFeatures } from './request-features.ts';
import { SourceTables } from './source-tables.ts';
import { times } from './time-columns.ts';
import { type AskedRows, ViewFeatures, type ViewOptions } from './view-features.ts';
import { loadHistory, type ViewHistory } from './view-history.ts';

/** Which views are joined and by what rules; whatever the spine. */
export interface JoinPlan {
  readonly views: readonly PlannedView[];
  /** `row`: only what was known at each row's own time, for views that have a known time. A number: known by then. */
  readonly asKnown: 'row' | number | null;
  /** The data that a view reads: the newest version unless said. */
  readonly sourceOf?: ((planned: PlannedView) => SourceVersion) | undefined;
  /** Where the work is done when there is much of it; on the engine's own thread unless said. */
  readonly threads?: FeatureThreads | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface JoinedSpine {
  readonly spine: Table;
  /** Column of the spine with the instant at which features are asked for. */
  readonly eventTime: string;
  /** Told of each view once it is joined. */
  readonly onView?: ((joined: JoinedView) => void) | undefined;
  /** Shown each view that has a history once it is joined; its arrays go when this is done with it. */
  readonly onHistory?: ((joined: JoinedHistory) => Promise<void>) | undefined;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

export type JoinRequest = JoinPlan & JoinedSpine;

/** A view after its join: what it read, and how many rows got nothing because the row that held was too old. */
export interface JoinedView {
  readonly planned: PlannedView;
  /** Null for a view that is computed from requests. */
  readonly source: SourceVersion | null;
  readonly expiredRows: number;
}

/** A joined view while its history is in memory, sorted. */
export interface JoinedHistory {
  readonly planned: PlannedView;
  readonly source: SourceVersion;
  readonly view: ViewFeatures;
  /** Of every row of the spine. */
  readonly time: Float64Array;
}

/** What a view gives to a set: its columns, or what threads need to compute some rows of them. */
export type JoinedPart =
  | { readonly kind: 'columns'; readonly columns: readonly Column[] }
  | {
      readonly kind: 'stretches';
      readonly planned: PlannedView;
      readonly source: SourceVersion;
      readonly asked: AskedRows;
    };

/** Views computed at the same time: each has its arrays in memory. */
const CONCURRENT_VIEWS = 2;

/** A join whose histories can be made ready while the spine is still being read. */
export class FeatureJoin {
  readonly #plan: JoinPlan;
  readonly #sources: SourceTables;
  readonly #started = new Map<PlannedView, Promise<ViewFeatures>>();

  constructor(data: JoinedData, plan: JoinPlan) {
    this.#plan = plan;
    this.#sources = new SourceTables(data, plan.views, plan);
  }

  /** Begins with the views that come first; done when their histories are in memory. What fails is told by `columns`. */
  async load(): Promise<void> {
    if (this.#started.size > 0) return;
    const withHistory = this.#plan.views.filter(({ request }) => request === null);
    const loaded = withHistory.slice(0, CONCURRENT_VIEWS).map((planned) => {
      const history = this.#load(planned);
      const prepared = history.then((known) => ViewFeatures.prepare(known, planned, this.#plan));
      prepared.catch(() => undefined);
      this.#started.set(planned, prepared);
      return history;
    });
    await Promise.allSettled(loaded);
  }

  /**
   * The features of every spine row as of its own time, one column `alias__feature` each, rows and order as in the spine.
   * The rules are those of docs/pit-semantics.md.
   */
  async columns(request: JoinedSpine): Promise<Column[]> {
    const joined = await this.#joinAll(this.#plan.views, request, times(request.spine, request.eventTime));
    return this.#plan.views.flatMap((planned) => [...joined.get(planned)!]);
  }

  /**
   * The same, but views that are ready to answer stretches of the spine are left to do so: their features never lie in
   * memory as a whole. `onView` is told of the others alone.
   */
  async parts(request: JoinedSpine): Promise<JoinedPart[]> {
    const { views } = this.#plan;
    const time = times(request.spine, request.eventTime);
    const byStretch = new Map<PlannedView, AskedRows>();
    void this.load();
    for (const [planned, started] of this.#started) {
      const view = await started;
      if (planned.features.every(({ aggregate }) => aggregate === undefined))
        byStretch.set(planned, view.asked(request.spine, time));
    }
    this.#plan.signal?.throwIfAborted();
    const whole = await this.#joinAll(
      views.filter((planned) => !byStretch.has(planned)),
      request,
      time,
    );
    return views.map((planned): JoinedPart => {
      const asked = byStretch.get(planned);
      if (asked === undefined) return { kind: 'columns', columns: whole.get(planned)! };
      return { kind: 'stretches', planned, source: this.#sources.of(planned)!, asked };
    });
  }

  async #joinAll(
    views: readonly PlannedView[],
    request: JoinedSpine,
    time: Float64Array,
  ): Promise<Map<PlannedView, readonly Column[]>> {
    const done = views.map(() => 0);
    const results = new Map<PlannedView, readonly Column[]>();
    let next = 0;
    const takeTurns = async (): Promise<void> => {
      for (let index = next++; index < views.length; index = next++) {
        const joined = await this.#joinView(views[index]!, request, time, (fraction) => {
          done[index] = fraction;
          request.onProgress?.(done.reduce((sum, part) => sum + part, 0) / done.length);
        });
        results.set(views[index]!, joined);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENT_VIEWS }, takeTurns));
    return results;
  }

  async #joinView(
    planned: PlannedView,
    { spine, onView, onHistory }: JoinedSpine,
    time: Float64Array,
    onProgress: (fraction: number) => void,
  ): Promise<readonly Column[]> {
    if (planned.request !== null) {
      const columns = await requestFeatures(planned, planned.request, spine, this.#plan.signal);
      onView?.({ planned, source: null, expiredRows: 0 });
      onProgress(1);
      return columns;
    }
    const view = await (this.#started.get(planned) ?? this.#prepare(planned));
    // Its arrays are not needed beyond this view.
    this.#started.delete(planned);
    onProgress(PREPARED);
    this.#plan.signal?.throwIfAborted();
    const { columns, expiredRows } = await view.columns(spine, time, (fraction) =>
      onProgress(PREPARED + (1 - PREPARED) * fraction),
    );
    const source = this.#sources.of(planned)!;
    onView?.({ planned, source, expiredRows });
    await onHistory?.({ planned, source, view, time });
    onProgress(1);
    return columns;
  }

  async #prepare(planned: PlannedView): Promise<ViewFeatures> {
    return ViewFeatures.prepare(await this.#load(planned), planned, this.#plan);
  }

  async #load(planned: PlannedView): Promise<ViewHistory> {
    const history = await loadHistory(this.#sources, planned);
    this.#plan.signal?.throwIfAborted();
    return history;
  }
}

/** How much of a view's work is done when its history is ready. */
const PREPARED = 0.4;

/** The features of every spine row, as {@link FeatureJoin.columns} gives them. */
export const joinFeatures = (data: JoinedData, request: JoinRequest): Promise<Column[]> =>
  new FeatureJoin(data, request).columns(request);

/** One view's features for every spine row out of a history in memory. */
export async function featuresOf(
  history: ViewHistory,
  planned: PlannedView,
  request: ViewOptions & { readonly spine: Table; readonly time: Float64Array },
): Promise<readonly Column[]> {
  const view = await ViewFeatures.prepare(history, planned, request);
  return (await view.columns(request.spine, request.time)).columns;
}
