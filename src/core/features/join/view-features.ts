import type { FeatureDefinition } from '../../../shared/definitions/features.ts';
import { type Column, findColumn, type Table } from '../../../shared/table/column.ts';
import { assembleColumn } from '../../data/index.ts';
import {
  type ComputedFeatures,
  computeFeatures,
  type FeatureTask,
  type HistoryTask,
  type PreparedHistory,
  prepareHistory,
} from './compute/feature-task.ts';
import type { FeatureThreads } from './compute/feature-threads.ts';
import { type Gathered, gatherColumn, winnerRows } from './compute/gather.ts';
import { shareColumn, shared } from './compute/shared-memory.ts';
import type { PlannedView } from './join-plan.ts';
import { type HistoryKeyPart, historyKeyPart } from './keys/history-keys.ts';
import { keyPartRows, type SpineKeyPart, sharedKeyPart, spineKeyPart } from './keys/spine-keys.ts';
import { requireSpineColumn } from './spine-columns.ts';
import { requireSourceColumn, type ViewHistory } from './view-history.ts';
import { type AskedWindows, type WindowColumns, type WindowOptions, windowColumns } from './view-windows.ts';

export interface ViewOptions {
  /** `row`: only what was known at each row's own time, for views that have a known time. A number: known by then. */
  readonly asKnown: 'row' | number | null;
  /** Where the work is done when there is much of it; here, unless said. */
  readonly threads?: FeatureThreads | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What some spine rows get of a view. */
export interface ViewColumns {
  readonly columns: readonly Column[];
  /** Rows that got nothing because the row that held was too old. */
  readonly expiredRows: number;
}

/** What threads need to answer any rows of a spine. */
export interface AskedRows {
  readonly rows: number;
  /** Source columns of the features that are taken from one row, in the view's order. */
  readonly columns: readonly Column[];
  /** The rows `from` to `to`. */
  task(from: number, to: number): FeatureTask;
}

/** Below this many rows a thread costs more than it spares. */
export const INLINE_ROWS = 20_000;
/** Rows that a thread takes at a time. */
const CHUNK_ROWS = 131_072;

/** One view's history, sorted once, and the features of any spine out of it. */
export class ViewFeatures {
  readonly history: ViewHistory;
  readonly #planned: PlannedView;
  readonly #options: ViewOptions;
  readonly #prepared: PreparedHistory;
  readonly #task: HistoryTask;
  /** Source columns of the features that are taken from one row. */
  readonly #sources: readonly Column[];

  private constructor(
    history: ViewHistory,
    planned: PlannedView,
    options: ViewOptions,
    { task, prepared }: { readonly task: HistoryTask; readonly prepared: PreparedHistory },
  ) {
    this.history = history;
    this.#planned = planned;
    this.#options = options;
    this.#task = task;
    this.#prepared = prepared;
    this.#sources = rowSources(history, planned);
  }

  static async prepare(
    history: ViewHistory,
    planned: PlannedView,
    options: ViewOptions,
  ): Promise<ViewFeatures> {
    const keys = planned.keys.map(({ source }) => historyKeyPart(findColumn(history.table, source)!));
    const task: HistoryTask = {
      keys,
      event: history.event,
      known: history.known,
      until: history.until,
      // Without a known time of its own, what a view knew was decided by the choice of its source.
      knownCut: history.known === null ? null : options.asKnown,
      hasRowFeatures: planned.features.some((feature) => feature.aggregate === undefined),
      hasAggregates: planned.features.some((feature) => feature.aggregate !== undefined),
    };
    const { threads, signal } = options;
    if (threads === undefined || history.table.rows < INLINE_ROWS)
      return new ViewFeatures(history, planned, options, { task, prepared: prepareHistory(task) });
    const sharable = sharedTask(task);
    const prepared = await threads.prepare(sharable, { signal });
    return new ViewFeatures(history, planned, options, { task: sharable, prepared });
  }

  /** Other features of the same rows, which are not sorted again: of one row only where these have such, and likewise windows. */
  reading(history: ViewHistory, planned: PlannedView): ViewFeatures {
    return new ViewFeatures(history, planned, this.#options, { task: this.#task, prepared: this.#prepared });
  }

  async columns(
    spine: Table,
    time: Float64Array,
    onProgress: (fraction: number) => void = () => undefined,
  ): Promise<ViewColumns> {
    const features = rowFeaturesOf(this.#planned);
    const ofRows = features.length / this.#planned.features.length;
    const computed = await this.#rows(spine, time, (fraction) => onProgress(ofRows * fraction));
    const columns = new Map<FeatureDefinition, Column>();
    for (const [index, feature] of features.entries()) {
      const pieces = computed.map((one) => one.gathered[index]!);
      columns.set(feature, gatheredColumn(this.#nameOf(feature), this.#sources[index]!, pieces));
    }
    const windows = this.windows(spine, time, {
      // They are all in memory in the end.
      mostBytes: Number.POSITIVE_INFINITY,
      onProgress: (fraction) => onProgress(ofRows + (1 - ofRows) * fraction),
    });
    for await (const some of windows)
      for (const [index, feature] of some.features.entries()) columns.set(feature, some.columns[index]!);
    return {
      columns: this.#planned.features.map((feature) => columns.get(feature)!),
      expiredRows: computed.reduce((sum, one) => sum + one.expiredRows, 0),
    };
  }

  /** The features over windows, some of them at a time. */
  windows(spine: Table, time: Float64Array, options: WindowOptions): AsyncGenerator<WindowColumns> {
    const { alias, features } = this.#planned;
    const { event, known, until, knownCut } = this.#task;
    const threads = this.#threadsFor(spine);
    const keys = this.#keysOf(spine);
    const share = threads === null ? <Same>(same: Same): Same => same : shareColumn;
    const asked: AskedWindows = {
      alias,
      features: features.filter((feature) => feature.aggregate !== undefined),
      prepared: this.#prepared,
      history: { event, known, until, knownCut },
      sourceOf: (name) => share(requireSourceColumn(this.history.table, this.#planned, name)),
      keys: threads === null ? keys : keys.map(sharedKeyPart),
      time: threads === null ? time : shared(time),
      threads,
      signal: this.#options.signal,
    };
    return windowColumns(asked, options);
  }

  /** The questions of a spine's rows, for threads. */
  asked(spine: Table, time: Float64Array): AskedRows {
    const work = inSharedMemory(this.#work());
    const keys = this.#keysOf(spine).map(sharedKeyPart);
    const askedAt = shared(time);
    return {
      rows: time.length,
      columns: this.#sources,
      task: (from, to) => ({
        ...work,
        spine: { keys: keys.map((key) => keyPartRows(key, from, to)), time: askedAt.subarray(from, to) },
      }),
    };
  }

  #keysOf(spine: Table): SpineKeyPart[] {
    return this.#planned.keys.map(({ name, source, spine: spineName }) =>
      spineKeyPart(
        name,
        findColumn(this.history.table, source)!,
        requireSpineColumn(spine, this.#planned, name, spineName),
      ),
    );
  }

  /** The features that are taken from one row, in stretches of the spine side by side. */
  async #rows(
    spine: Table,
    time: Float64Array,
    onProgress: (fraction: number) => void,
  ): Promise<ComputedFeatures[]> {
    const threads = this.#threadsFor(spine);
    if (threads === null)
      return [computeFeatures({ ...this.#work(), spine: { keys: this.#keysOf(spine), time } })];
    if (this.#sources.length === 0) return [];
    const { rows, task } = this.asked(spine, time);
    const starts = Array.from(
      { length: Math.max(1, Math.ceil(rows / CHUNK_ROWS)) },
      (_, n) => n * CHUNK_ROWS,
    );
    let done = 0;
    return Promise.all(
      starts.map(async (from) => {
        const { signal } = this.#options;
        const computed = await threads.compute(task(from, Math.min(rows, from + CHUNK_ROWS)), { signal });
        onProgress(++done / starts.length);
        return computed;
      }),
    );
  }

  /** Null where there is so little to do that it is done here. */
  #threadsFor(spine: Table): FeatureThreads | null {
    const { threads } = this.#options;
    return threads === undefined || spine.rows + this.history.table.rows < INLINE_ROWS ? null : threads;
  }

  #nameOf({ name }: FeatureDefinition): string {
    return `${this.#planned.alias}__${name}`;
  }

  /** What is to be done with whatever spine. */
  #work(): Omit<FeatureTask, 'spine'> {
    const { event, known, until, knownCut } = this.#task;
    return {
      prepared: this.#prepared,
      history: { event, known, until, knownCut },
      ttlMicros: this.history.ttlMicros,
      columns: this.#sources,
    };
  }
}

/** Those that are taken from one row. */
export const rowFeaturesOf = (planned: PlannedView): FeatureDefinition[] =>
  planned.features.filter((feature) => feature.aggregate === undefined);

const rowSources = (history: ViewHistory, planned: PlannedView): Column[] =>
  rowFeaturesOf(planned).map(({ name, column, expression }) =>
    requireSourceColumn(history.table, planned, expression === undefined ? (column ?? name) : name),
  );

/** The features that are taken from one row, of these rows of the history. */
export function rowFeatures(history: ViewHistory, planned: PlannedView, rows: Int32Array): Column[] {
  const won = winnerRows(rows);
  const features = rowFeaturesOf(planned);
  return rowSources(history, planned).map((source, index) =>
    gatheredColumn(`${planned.alias}__${features[index]!.name}`, source, [gatherColumn(source, won)]),
  );
}

/** The source columns that the view's aggregates read. */
export function aggregatedColumns(history: ViewHistory, planned: PlannedView): Column[] {
  const names = new Set(planned.features.flatMap(({ aggregate }) => aggregate?.of ?? []));
  names.delete('*');
  return [...names].map((name) => requireSourceColumn(history.table, planned, name));
}

function gatheredColumn(name: string, source: Column, pieces: readonly Gathered[]): Column {
  const dictionary = source.type === 'string' ? source.dictionary : [];
  return assembleColumn(name, source.type, pieces, dictionary);
}

/** The same with arrays that reach a thread without a copy. */
const inSharedMemory = (work: Omit<FeatureTask, 'spine'>): Omit<FeatureTask, 'spine'> => ({
  ...work,
  columns: work.columns.map(withoutTexts).map(shareColumn),
});

const withoutTexts = (column: Column): Column =>
  column.type === 'string' ? { ...column, dictionary: [] } : column;

function sharedTask(task: HistoryTask): HistoryTask {
  return {
    ...task,
    event: shared(task.event),
    known: task.known === null ? null : shared(task.known),
    until: task.until === null ? null : shared(task.until),
    keys: task.keys.map((part): HistoryKeyPart => {
      const validity = part.validity === null ? null : shared(part.validity);
      if (part.kind === 'integers') return { ...part, integers: shared(part.integers), validity };
      if (part.kind === 'words') return { ...part, words: shared(part.words), validity };
      return { ...part, codes: shared(part.codes), validity };
    }),
  };
}
