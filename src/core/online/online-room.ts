import type { z } from 'zod';
import type {
  asOfInput,
  asOfResult,
  onlineInput,
  onlineResult,
  pushInput,
} from '../../shared/contract/features.ts';
import type {
  ChangedRoom,
  FeatureServiceDetail,
  OnlineState,
  SkewFigures,
  SkewReport,
} from '../../shared/contract/types.ts';
import { FalajError, toFalajError } from '../../shared/errors.ts';
import { cellToJson, microsToIso, type Table } from '../../shared/table/column.ts';
import { parseInstant } from '../../shared/units.ts';
import type { AuditLog } from '../audit/index.ts';
import { type DataRoom, type FileFormat, readTableFile } from '../data/index.ts';
import { type FeatureRoom, type FeatureSelection, PUSHED_EVENT_TIME } from '../features/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { Store } from '../store/index.ts';
import { type AnswerSources, answerSources } from './answer-sources.ts';
import { conformTable } from './conform-table.ts';
import { type JsonRow, tableFromRows } from './json-table.ts';
import { checkBounds, type Materialized, Materializer } from './materializer.ts';
import { OnlineReader } from './online-reader.ts';
import { OnlineSets } from './online-sets.ts';
import { PastReader } from './past-reader.ts';
import type { PushLog } from './push-log.ts';
import { type Pushed, Pusher } from './pusher.ts';
import { ReadLog } from './read-log/read-log.ts';
import { SkewCheck, type SkewInput } from './skew/skew-check.ts';
import { SkewReports } from './skew/skew-reports.ts';
import { sourceFacts } from './source-facts.ts';
import type { TableRule } from './table-rule.ts';
import { definitionDigest } from './view-layout.ts';
import { type RequestPlan, rootOf, type ViewPlan, ViewPlans } from './view-plans.ts';

export interface OnlineRoomOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly data: DataRoom;
  readonly features: FeatureRoom;
  readonly log: PushLog;
  readonly notify: (room: ChangedRoom) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** From 0 up to 1: chooses the reads that are kept. */
  readonly random?: () => number;
}

type Work = Pick<JobContext, 'signal' | 'progress'>;

/** Read into memory as a whole, so that all of it is checked before the first row is written. */
const LARGEST_PUSH_ROWS = 5_000_000;
const LARGEST_LOOKUP_ROWS = 10_000;

/** Features as they are now: one packed row per entity, filled from the views' histories and by pushed rows. */
export class OnlineRoom {
  readonly #options: OnlineRoomOptions;
  readonly #plans: ViewPlans;
  readonly #sets: OnlineSets;
  readonly #reader: OnlineReader;
  readonly #past: PastReader;
  readonly #pusher: Pusher;
  readonly #materializer: Materializer;
  readonly #readLog: ReadLog;
  readonly #reports: SkewReports;
  readonly #skew: SkewCheck;
  readonly #stopped = new AbortController();
  #compacting: Promise<void> = Promise.resolve();

  constructor(options: OnlineRoomOptions) {
    const plans = new ViewPlans(options.features);
    const sets = new OnlineSets(options.store);
    const shared = { ...options, plans, sets };
    this.#options = options;
    this.#plans = plans;
    this.#sets = sets;
    this.#reader = new OnlineReader(shared);
    this.#past = new PastReader(options);
    this.#pusher = new Pusher(shared);
    this.#materializer = new Materializer(shared);
    this.#reports = new SkewReports(options.store);
    this.#readLog = new ReadLog({
      ...options,
      services: () => options.features.services(),
      reports: this.#reports,
    });
    this.#skew = new SkewCheck({ ...shared, readLog: this.#readLog, reports: this.#reports });
  }

  /** The features of each key at one instant: now, unless said. */
  async online(input: z.output<typeof onlineInput>): Promise<z.input<typeof onlineResult>> {
    const at = input.at === undefined ? this.#options.clock() * 1000 : parseInstant(input.at);
    const plan = this.#plans.request(input);
    const { table, shown } = await keysOf(plan, input);
    const answers = await this.#reader.read(plan, table, at);
    // Who asks about the past was not served.
    if (plan.log !== null && input.at === undefined) this.#readLog.offer(plan.log, table, answers, at);
    return { rows: answers.map((answer, row) => ({ keys: shown(row), ...answer })) };
  }

  /** What such answers come from: the versions whose rows were taken into the online store. */
  sources(input: FeatureSelection): AnswerSources {
    return answerSources(
      this.#plans.request(input).views,
      this.#options.data,
      ({ whole }) => this.#sets.live(whole.view.name)?.sourceVersion,
    );
  }

  /** What answers out of a view's history come from: the newest version of its dataset. */
  pastSources({ name }: { name: string }): AnswerSources {
    const { data, features } = this.#options;
    const newest = new Map(data.list().map((dataset) => [dataset.name, dataset.version]));
    const views = features.planned({ features: [`${name}:*`] }).map((whole) => ({
      whole,
      definition: definitionDigest(whole),
      source: whole.request === null ? rootOf(whole) : null,
    }));
    return answerSources(views, data, ({ source }) =>
      source === null ? undefined : newest.get(source.name),
    );
  }

  /** One view's features of a few entities at an instant of its history, by as much as was known then. */
  asOf(input: z.output<typeof asOfInput>): Promise<z.input<typeof asOfResult>> {
    return this.#past.read(input);
  }

  /** Rows of JSON into a pushed view: all of them or none. */
  async push(input: z.output<typeof pushInput>): Promise<Pushed> {
    const plan = this.#pushedView(input.view);
    const pushed = await this.#pusher.push(
      plan,
      tableFromRows(input.rows, plan.pushedColumns, pushRule(plan)),
    );
    if (pushed.added > 0) {
      this.#options.notify('features');
      this.#compactLater(input.view);
    }
    return pushed;
  }

  /** A file's rows into a pushed view: none if one of them is wrong. */
  async pushFile(
    work: Pick<JobContext, 'signal' | 'progress' | 'log'>,
    input: { view: string; file: string; format?: FileFormat | undefined },
  ): Promise<Pushed> {
    const plan = this.#pushedView(input.view);
    work.progress({ step: 'load', fraction: 0 });
    const table = await readTableFile(input.file, { format: input.format, signal: work.signal });
    if (table.rows > LARGEST_PUSH_ROWS) {
      throw new FalajError(
        'TOO_LARGE',
        `The file has ${table.rows} rows; one push takes ${LARGEST_PUSH_ROWS}.`,
        {
          hint: 'Import it as a dataset, or split it.',
        },
      );
    }
    const conformed = conformTable(table, plan.pushedColumns, pushRule(plan));
    work.signal.throwIfAborted();
    const pushed = await this.#pusher.pushAll(plan, conformed, {
      signal: work.signal,
      onRows: (rows) =>
        work.progress({ step: 'write', fraction: rows / conformed.rows, done: rows, unit: 'rows' }),
    });
    if (pushed.added > 0) this.#options.notify('features');
    await this.#options.log.compact(input.view, work.signal).catch((error: unknown) => {
      // The rows are there, and are put together in columns another time.
      work.log(
        'warn',
        `Rows of "${input.view}" were not put together in columns: ${toFalajError(error).message}`,
      );
    });
    return pushed;
  }

  /** Keeps what the features of a view are now. */
  async countFeatures({ signal }: Pick<Work, 'signal'>, { view }: { view: string }): Promise<void> {
    await this.#options.features.statistics({ name: view }, { signal });
  }

  /** One view, or every one that is marked `online`. */
  async materialize(
    work: Work,
    input: { view?: string | undefined; since?: string | undefined; until?: string | undefined },
  ): Promise<{ views: Materialized[] }> {
    const bounds = checkBounds({
      since: input.since === undefined ? undefined : parseInstant(input.since),
      until: input.until === undefined ? undefined : parseInstant(input.until),
    });
    const names = input.view === undefined ? this.#onlineViews() : [input.view];
    const views: Materialized[] = [];
    for (const [index, name] of names.entries()) {
      const part: Work = {
        signal: work.signal,
        progress: ({ fraction, ...update }) =>
          work.progress({ ...update, detail: name, fraction: (index + (fraction ?? 0)) / names.length }),
      };
      views.push(await this.#materializer.run(part, name, bounds));
      this.#options.notify('features');
    }
    await this.#materializer.sweep(work);
    return { views };
  }

  /** How fresh the online rows of a view are. */
  state(input: { name: string }): OnlineState {
    const plan = this.#plans.view(input.name);
    const set = this.#sets.live(input.name);
    const source = sourceFacts(plan, this.#options);
    const isCurrent = set !== undefined && set.definition === plan.definition;
    return {
      isPushed: plan.isPushed,
      status: set === undefined ? 'empty' : isCurrent ? 'ready' : 'stale',
      entities: set?.entities ?? 0,
      rows: set?.taken ?? 0,
      waitingRows: isCurrent && source.continues(set.sourceVersion) ? source.rows - set.taken : source.rows,
      newestEvent: set?.newestEvent == null ? null : microsToIso(set.newestEvent),
      writtenAt: set === undefined ? null : new Date(set.writtenAtMs).toISOString(),
      keys: plan.whole.keys.map(({ name, type }) => ({ name, type })),
    };
  }

  /** A service, with how many of its reads are kept. */
  service(input: { name: string }): FeatureServiceDetail {
    return { ...this.#options.features.service(input), log: this.#readLog.state(input.name) };
  }

  /** Compares what was served with the history. */
  async skew(work: Work, input: SkewInput): Promise<{ service: string; skew: boolean; rows: number }> {
    const { service, skew, rows } = await this.#skew.run(work, input);
    this.#options.notify('features');
    return { service, skew, rows };
  }

  /** The last comparison, null before the first. */
  skewReport({ name }: { name: string }): { report: SkewReport | null } {
    return { report: this.#reports.get(this.#options.features.service({ name }).definition.name) };
  }

  /** The figures of the last comparisons, newest first. */
  skewHistory({ name }: { name: string }): SkewFigures[] {
    return this.#reports.history(this.#options.features.service({ name }).definition.name);
  }

  /** Removes reads that are kept no longer, now and from time to time. */
  keepRetention(): void {
    this.#readLog.keepRetention();
  }

  /** Writes the reads that wait to be kept, and ends what puts rows together. */
  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#compacting;
    this.#readLog.close();
  }

  /** Ends what runs by itself. */
  stop(): void {
    this.#readLog.stop();
    this.#stopped.abort();
  }

  #compactLater(view: string): void {
    const before = this.#compacting;
    const compacted = this.#options.log.compact(view, this.#stopped.signal);
    // What fails leaves the rows as they are: it is tried again with the next batch, and told by jobs that push files.
    this.#compacting = Promise.allSettled([before, compacted]).then(() => undefined);
  }

  #pushedView(name: string): ViewPlan {
    const plan = this.#plans.view(name);
    if (plan.isPushed) return plan;
    throw new FalajError('CONFLICT', `View "${name}" does not take pushed rows.`, {
      hint: 'Push to a view that is defined with source: {push: true}.',
      details: { view: name },
    });
  }

  #onlineViews(): string[] {
    const names = this.#options.features
      .views()
      .filter(({ definition }) => definition.online && definition.source.request === undefined)
      .map(({ definition }) => definition.name);
    if (names.length > 0) return names;
    throw new FalajError('NOT_FOUND', 'No view is marked for the online store.', {
      hint: 'Write online: true in its definition, or name the view.',
    });
  }
}

const pushRule = ({ whole }: ViewPlan): TableRule => {
  const required = new Set([...whole.keys.map(({ name }) => name), PUSHED_EVENT_TIME]);
  return { of: `view "${whole.view.name}"`, required, present: required, strict: true };
};

/** The request's keys as columns, and what of them the answer repeats. */
async function keysOf(
  { keys: columns }: RequestPlan,
  input: { readonly keys?: readonly JsonRow[] | undefined; readonly keysFile?: string | undefined },
): Promise<{ table: Table; shown: (row: number) => JsonRow }> {
  const rule: TableRule = {
    of: 'the request',
    required: new Set(),
    present: new Set(columns.map(({ name }) => name)),
    strict: false,
  };
  if (input.keys !== undefined) {
    const { keys } = input;
    return { table: tableFromRows(keys, columns, rule), shown: (row) => keys[row]! };
  }
  if (input.keysFile === undefined) {
    throw new FalajError('BAD_INPUT', 'No keys were given.', {
      hint: 'Give the entities to look up, such as [{"airport": "DXB"}].',
    });
  }
  const file = await readTableFile(input.keysFile);
  if (file.rows > LARGEST_LOOKUP_ROWS) {
    throw new FalajError(
      'TOO_LARGE',
      `The file has ${file.rows} keys; one look-up takes ${LARGEST_LOOKUP_ROWS}.`,
      {
        hint: 'Split the file, or use falaj features historical.',
      },
    );
  }
  const table = conformTable(file, columns, rule);
  return {
    table,
    shown: (row) => Object.fromEntries(table.columns.map((column) => [column.name, cellToJson(column, row)])),
  };
}
