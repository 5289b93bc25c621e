import type { FeatureDefinition } from '../../../shared/definitions/features.ts';
import type { Column, Table } from '../../../shared/table/column.ts';
import { collectGarbage } from '../../memory/index.ts';
import type { FeatureThreads } from './compute/feature-threads.ts';
import type { PlannedView } from './join-plan.ts';
import type { JoinedData } from './joined-data.ts';
import type { SourceVersion } from './known-source.ts';
import { requestFeatures } from './request-features.ts';
import { SourceTables, versionId } from './source-tables.ts';
import { times } from './time-columns.ts';
import { type AskedRows, rowFeaturesOf, ViewFeatures, type ViewOptions } from './view-features.ts';
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

/** What a view gives to a set at a time, for some of its features: their columns, or what threads need to compute any rows of them. */
export type JoinedPart = {
  readonly planned: PlannedView;
  readonly features: readonly FeatureDefinition[];
} & (
  | { readonly kind: 'columns'; readonly columns: readonly Column[] }
  | { readonly kind: 'stretches'; readonly asked: AskedRows }
);

export type SpineOfParts = Pick<JoinedSpine, 'spine' | 'eventTime'> & {
  /** Told how many columns of windows are computed so far; in part, too. */
  readonly onWindows?: ((columns: number) => void) | undefined;
};

/** Views computed or made ready at the same time: each has its arrays in memory. */
const CONCURRENT_VIEWS = 2;
/** Columns of windows that are computed at a time take so much memory at most, unless a single one takes more. */
const WINDOW_BYTES = 2 ** 27;
/** So many rows of histories are let go of before their memory is collected, which holds up the engine for a moment. */
const COLLECT_ROWS = 1_000_000;

/** A join whose histories can be made ready while the spine is still being read. */
export class FeatureJoin {
  readonly #plan: JoinPlan;
  readonly #sources: SourceTables;
  /** Those that read the same data one after the other, so that it can be let go of after the last of them. */
  readonly #inTurn: readonly PlannedView[];
  /** Views with a history that nothing was done for yet. */
  readonly #waiting: PlannedView[];
  readonly #started = new Map<PlannedView, Promise<ViewFeatures>>();
  #rowsLeft = 0;

  constructor(data: JoinedData, plan: JoinPlan) {
    this.#plan = plan;
    this.#sources = new SourceTables(data, plan.views, plan);
    const byData = Map.groupBy(plan.views, (planned) => {
      const source = this.#sources.of(planned);
      return source === null ? planned : versionId(source.dataset);
    });
    this.#inTurn = [...byData.values()].flat();
    this.#waiting = this.#inTurn.filter(({ request }) => request === null);
  }

  /** Begins with the views that come first; done when their histories are in memory. What fails is told when they are joined. */
  async load(): Promise<void> {
    const loaded: Promise<ViewHistory>[] = [];
    while (this.#started.size < CONCURRENT_VIEWS && this.#waiting.length > 0) {
      const planned = this.#waiting.shift()!;
      const history = this.#load(planned);
      const prepared = history.then((known) => ViewFeatures.prepare(known, planned, this.#plan));
      prepared.catch(() => undefined);
      this.#started.set(planned, prepared);
      loaded.push(history);
    }
    await Promise.allSettled(loaded);
  }

  /** What a view has read; null when it is computed from requests. */
  sourceOf(planned: PlannedView): SourceVersion | null {
    return this.#sources.of(planned);
  }

  /**
   * The features of every spine row as of its own time, one column `alias__feature` each, rows and order as in the spine.
   * The rules are those of docs/pit-semantics.md.
   */
  async columns(request: JoinedSpine): Promise<Column[]> {
    const joined = await this.#joinAll(this.#inTurn, request, times(request.spine, request.eventTime));
    return this.#plan.views.flatMap((planned) => [...joined.get(planned)!]);
  }

  /**
   * The same features, view after view, handed over in parts: the next view is made ready meanwhile, and what one has read is let
   * go of before the one after. So the memory that it takes does not depend on how many views there are.
   *
   * @param onPart is done with a part when it resolves: its arrays are used again.
   */
  async parts(request: SpineOfParts, onPart: (part: JoinedPart) => Promise<void>): Promise<void> {
    const time = times(request.spine, request.eventTime);
    let windows = 0;
    for (const planned of this.#inTurn) {
      void this.load();
      const before = windows;
      // In a function of its own, of which nothing is left when it is done.
      await this.#viewParts(planned, time, onPart, {
        ...request,
        onWindows: (columns) => request.onWindows?.(before + columns),
      });
      windows += windowsOf(planned);
      if (planned !== this.#inTurn.at(-1)) this.#letGo();
    }
  }

  async #viewParts(
    planned: PlannedView,
    time: Float64Array,
    onPart: (part: JoinedPart) => Promise<void>,
    { spine, onWindows }: SpineOfParts,
  ): Promise<void> {
    const { signal } = this.#plan;
    if (planned.request !== null) {
      const columns = await requestFeatures(planned, planned.request, spine, signal);
      await onPart({ kind: 'columns', planned, features: planned.features, columns });
      return;
    }
    const view = await this.#ready(planned);
    signal?.throwIfAborted();
    const ofRow = rowFeaturesOf(planned);
    if (ofRow.length > 0)
      await onPart({ kind: 'stretches', planned, features: ofRow, asked: view.asked(spine, time) });
    const windows = view.windows(spine, time, {
      mostBytes: WINDOW_BYTES,
      onProgress: (fraction) => onWindows?.(fraction * windowsOf(planned)),
    });
    for await (const some of windows) await onPart({ kind: 'columns', planned, ...some });
    this.#sources.release(planned);
    this.#rowsLeft += view.history.table.rows;
  }

  /** Memory that threads share stays until each of them has looked for what nothing refers to any more. */
  #letGo(): void {
    if (this.#rowsLeft < COLLECT_ROWS) return;
    this.#rowsLeft = 0;
    this.#plan.threads?.forget();
    collectGarbage();
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
    const view = await this.#ready(planned);
    onProgress(PREPARED);
    this.#plan.signal?.throwIfAborted();
    const { columns, expiredRows } = await view.columns(spine, time, (fraction) =>
      onProgress(PREPARED + (1 - PREPARED) * fraction),
    );
    const source = this.#sources.of(planned)!;
    onView?.({ planned, source, expiredRows });
    await onHistory?.({ planned, source, view, time });
    this.#sources.release(planned);
    onProgress(1);
    return columns;
  }

  /** Its arrays are whoever's asks: they are not kept here. */
  async #ready(planned: PlannedView): Promise<ViewFeatures> {
    const view = await (this.#started.get(planned) ?? this.#prepare(planned));
    this.#started.delete(planned);
    return view;
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

const windowsOf = ({ features }: PlannedView): number =>
  features.filter(({ aggregate }) => aggregate !== undefined).length;

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
