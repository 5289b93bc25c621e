import type { Readable } from 'node:stream';
import type {
  ChangedRoom,
  FeatureServiceDetail,
  FeatureViewDetail,
  FeatureViewInfo,
  PlannedChange,
  ReceiptVerification,
  SetCheck,
  TrainingSetInfo,
  TrainingSetReceipt,
  ViewStatisticsEntry,
} from '../../shared/contract/types.ts';
import type { DatasetDefinition } from '../../shared/definitions/datasets.ts';
import type {
  EntityDefinition,
  FeatureServiceDefinition,
  FeatureViewDefinition,
} from '../../shared/definitions/features.ts';
import type { AnyTraining } from '../../shared/definitions/training.ts';
import { type Column, type ColumnSchema, cellToJson, type Table } from '../../shared/table/column.ts';
import type { AuditLog } from '../audit/index.ts';
import type { DataRoom } from '../data/index.ts';
import type { JobContext } from '../jobs/index.ts';
import { GarbageAfterWork } from '../memory/index.ts';
import type { Store } from '../store/index.ts';
import { arrivalTimes } from './arrival-times.ts';
import { Definitions, type DefinitionsInput } from './definitions/definitions.ts';
import { type DefinitionsInForce, definitionsInForce } from './definitions/definitions-in-force.ts';
import { describeHistory } from './definitions/describe-history.ts';
import type { DatasetFacts } from './definitions/known-definitions.ts';
import { RecordingCatalogue, type UsedDefinition } from './definitions/recording-catalogue.ts';
import { FeatureThreads } from './join/compute/feature-threads.ts';
import { joinFeatures } from './join/join-features.ts';
import { type PlannedView, planJoin } from './join/join-plan.ts';
import type { JoinedData } from './join/joined-data.ts';
import { knownSources } from './join/known-source.ts';
import { newestEntities } from './join/newest-entities.ts';
import { SourceTables } from './join/source-tables.ts';
import { loadHistory, type ViewHistory } from './join/view-history.ts';
import {
  NO_PUSHED_ROWS,
  type PushedRows,
  pushedColumns,
  type RecordedData,
  withPushedRows,
} from './pushed-source.ts';
import { type Replayed, type ReplayRequest, ServiceReplay } from './replay/service-replay.ts';
import { StatisticsBook } from './statistics/statistics-book.ts';
import { type FeatureSelection, selectionsOf } from './training-sets/build-set.ts';
import type { PreviewRows } from './training-sets/checks/checked-rows.ts';
import { type CheckInput, SetChecks } from './training-sets/checks/set-check.ts';
import type { SetDescription } from './training-sets/describe-set.ts';
import { describeKept } from './training-sets/kept-sets.ts';
import {
  type KeptReceipt,
  ReceiptBook,
  type ReceiptBookOptions,
  receiptText,
} from './training-sets/receipt-book.ts';
import { ReceiptCheck, type VerifyInput } from './training-sets/receipt-check.ts';
import {
  type HistoricalInput,
  type HistoricalResult,
  type SetRequest,
  type StreamOptions,
  type TrainingFeatures,
  type TrainingRequest,
  TrainingSets,
} from './training-sets/training-sets.ts';
import { usersOf } from './view-users.ts';

export interface FeatureRoomOptions {
  readonly store: Store;
  /** Opens the key that receipts are signed with. */
  readonly vault: ReceiptBookOptions['vault'];
  readonly audit: AuditLog;
  readonly data: DataRoom;
  /** Rows of pushed views; without it they have none. */
  readonly pushed?: PushedRows;
  readonly notify: (room: ChangedRoom) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export interface HistoryOptions {
  readonly source?: JoinedData | undefined;
  /** With a cut-off the rows are there that were corrected later, and until when each counted. */
  readonly asKnown?: 'row' | number | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rows from which on the arrays of a set are worth giving back soon. */
const LARGE_SET_ROWS = 100_000;

/** Definitions of features, and their values as of any time. */
export class FeatureRoom {
  readonly #options: FeatureRoomOptions;
  readonly #definitions: Definitions;
  readonly #book: ReceiptBook;
  readonly #sets: TrainingSets;
  readonly #check: ReceiptCheck;
  readonly #replay: ServiceReplay;
  readonly #setChecks: SetChecks;
  /** The data room and the pushed rows, which a join reads alike. */
  readonly #sources: RecordedData;
  readonly #pushed: PushedRows;
  readonly #threads = new FeatureThreads();
  readonly #garbage = new GarbageAfterWork();
  readonly #statistics: StatisticsBook;
  #revision = 0;

  constructor(options: FeatureRoomOptions) {
    this.#options = options;
    this.#definitions = new Definitions({ ...options, dataset: (name) => this.#dataset(name) });
    const pushed = options.pushed ?? NO_PUSHED_ROWS;
    this.#pushed = pushed;
    this.#sources = withPushedRows(options.data, (view) => this.pushedColumns(view), pushed);
    this.#statistics = new StatisticsBook({ ...options, sources: this.#sources, threads: this.#threads });
    this.#book = new ReceiptBook(options);
    const shared = {
      ...options,
      definitions: this.#definitions,
      book: this.#book,
      sources: this.#sources,
      pushed,
      threads: this.#threads,
    };
    this.#sets = new TrainingSets(shared);
    this.#setChecks = new SetChecks(shared);
    this.#check = new ReceiptCheck({ ...shared, workspaceId: options.vault.workspaceId });
    this.#replay = new ServiceReplay(shared);
  }

  entities(): EntityDefinition[] {
    return this.#definitions.list('Entity').map(({ definition }) => definition);
  }

  views(): FeatureViewInfo[] {
    const services = this.services();
    const imported = this.#arrivalTimes();
    return this.#definitions.list('FeatureView').map((stored) => ({
      ...stored,
      usedBy: usersOf({ name: stored.definition.name, version: stored.version, inForce: true }, services),
      rowsImportedAt: imported(stored.definition),
    }));
  }

  /** A view as it is in force, or by `name@version` as it was; with all that it ever was. */
  view(input: { name: string }): FeatureViewDetail {
    const { definition, version, revision, appliedAt } = this.#definitions.revision(
      'FeatureView',
      input.name,
    );
    const { name } = definition;
    const stored = this.#definitions.find('FeatureView', name);
    const revisions = this.#definitions.history('FeatureView', name);
    const newest = stored === null ? null : revisions[0]!.revision;
    return {
      definition,
      version,
      appliedAt,
      usedBy: usersOf({ name, version, inForce: revision === newest }, this.services()),
      rowsImportedAt: this.#arrivalTimes()(definition),
      history: describeHistory(revisions, newest),
    };
  }

  services(): FeatureServiceDefinition[] {
    return this.#definitions.list('FeatureService').map(({ definition }) => definition);
  }

  /** A service as it is in force, with all that it ever was and what an answer of it holds. */
  service({ name }: { name: string }): Omit<FeatureServiceDetail, 'log'> {
    const { definition, version, appliedAt } = this.#definitions.get('FeatureService', name);
    const revisions = this.#definitions.history('FeatureService', name);
    return {
      definition,
      version,
      appliedAt,
      history: describeHistory(revisions, revisions[0]!.revision),
      features: this.planned({ service: name }).flatMap(({ alias, reference, features }) =>
        features.map((one) => ({
          name: `${alias}__${one.name}`,
          view: reference,
          feature: one.name,
          type: one.type,
        })),
      ),
      trainings: this.trainings()
        .filter(({ service }) => service === name)
        .map((training) => training.name),
    };
  }

  /** Which dataset each view reads and which views each service, as the definitions in force say it. */
  inForce(): DefinitionsInForce {
    return definitionsInForce(this.#definitions);
  }

  trainings(): AnyTraining[] {
    return this.#definitions.list('Training').map(({ definition }) => definition);
  }

  training(input: { name: string }): AnyTraining {
    return this.#definitions.get('Training', input.name).definition;
  }

  /** What the definition files say of a dataset; null when they say nothing. */
  datasetDefinition(name: string): DatasetDefinition | null {
    return this.#definitions.find('Dataset', name)?.definition ?? null;
  }

  /** @throws BAD_DEFINITION for an expression that cannot be computed; `plan` and `apply` check all else. */
  checkExpressions(input: DefinitionsInput): Promise<void> {
    return this.#definitions.checkExpressions(input);
  }

  plan(input: DefinitionsInput): PlannedChange[] {
    return this.#definitions.plan(input);
  }

  apply(input: DefinitionsInput): PlannedChange[] {
    const changes = this.#definitions.apply(input);
    this.#revision++;
    return changes;
  }

  /** Grows whenever definitions may have changed. */
  get revision(): number {
    return this.#revision;
  }

  /** What a service, or a list of `view:feature`, asks for. */
  planned(input: FeatureSelection): PlannedView[] {
    return this.recorded(input).views;
  }

  /** The same, with the definitions that say so. */
  recorded(input: FeatureSelection): { views: PlannedView[]; definitions: readonly UsedDefinition[] } {
    const catalogue = this.#catalogue();
    const views = planJoin(selectionsOf(input, catalogue), catalogue);
    return { views, definitions: catalogue.used };
  }

  /** What a training set says of reads of the past. */
  replay(request: ReplayRequest): Promise<Replayed> {
    return this.#replay.replay(request);
  }

  /** The rows that a view's features come from, in memory; out of another source than its own if one is given. */
  history(planned: PlannedView, options: HistoryOptions = {}): Promise<ViewHistory> {
    return loadHistory(new SourceTables(options.source ?? this.#sources, [planned], options), planned);
  }

  /** The columns of rows that are pushed to a view. */
  pushedColumns(view: string): ColumnSchema[] {
    const { definition } = this.#definitions.get('FeatureView', view);
    const entities = definition.entities.map((name) => this.#definitions.get('Entity', name).definition);
    return pushedColumns(definition, entities);
  }

  /** Features of a service for every spine row, in spine order; columns are named `alias__feature`. */
  join(options: {
    readonly service: string;
    readonly spine: Table;
    readonly eventTime: string;
    readonly asKnown: 'row' | number | null;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((fraction: number) => void) | undefined;
  }): Promise<Column[]> {
    const { definition } = this.#definitions.get('FeatureService', options.service);
    return joinFeatures(this.#sources, {
      ...options,
      threads: this.#threads,
      views: planJoin(definition.features, this.#catalogue()),
      sourceOf: knownSources(this.#options.data, this.#sources, options.asKnown),
    });
  }

  /** A view's features for its newest source rows, as they were known at those rows' own times. */
  async sample(input: { name: string; limit?: number }): Promise<{
    columns: ColumnSchema[];
    rows: (string | number | boolean | null)[][];
    totalRows: number;
  }> {
    const [planned] = planJoin([`${input.name}:*`], this.#catalogue());
    const newest = await newestEntities(this.#sources, planned!, input.limit ?? 20);
    if (newest === null) return { columns: [], rows: [], totalRows: 0 };
    const { spine, eventTime, totalRows } = newest;
    const joined = await joinFeatures(this.#sources, {
      views: [planned!],
      spine,
      eventTime,
      asKnown: 'row',
    });
    const columns = [...spine.columns, ...joined];
    return {
      columns: columns.map(({ name, type }) => ({ name, type })),
      rows: Array.from({ length: spine.rows }, (_, row) => columns.map((column) => cellToJson(column, row))),
      totalRows,
    };
  }

  /** What the view's features are at its own rows' times, now and at earlier states of its source; newest first. */
  statistics(
    input: { name: string },
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<ViewStatisticsEntry[]> {
    const [planned] = planJoin([`${input.name}:*`], this.#catalogue());
    return this.#statistics.current(planned!, options.signal);
  }

  async historical(context: JobContext, input: HistoricalInput): Promise<HistoricalResult> {
    this.#garbage.hold();
    // What failed may have been large, too.
    let isLarge = true;
    try {
      const written = await this.#sets.historical(context, input);
      isLarge = written.rows >= LARGE_SET_ROWS;
      return written;
    } finally {
      this.#garbage.release(isLarge);
    }
  }

  /** Builds a set without writing it, and looks for what it tells that could not be known. */
  check(context: JobContext, input: CheckInput): Promise<SetCheck> {
    return this.#setChecks.check(context, input);
  }

  /** The first rows of a set that a job checked. */
  checkedRows(input: { job: string }): PreviewRows {
    return this.#setChecks.rows(input);
  }

  historicalStream(
    entities: Readable,
    input: SetRequest,
    options: StreamOptions,
  ): Promise<AsyncGenerator<Uint8Array>> {
    return this.#sets.stream(entities, input, options);
  }

  verify(context: JobContext, input: VerifyInput): Promise<ReceiptVerification> {
    return this.#check.verify(context, input);
  }

  trainingSet(request: TrainingRequest): Promise<TrainingFeatures> {
    return this.#sets.forTraining(request);
  }

  /** The receipt of a set that a run learns from, kept and signed. */
  receiptOf(description: SetDescription, run: string): string {
    const kept = this.#book.sign(description, run);
    this.#book.keep(kept);
    return receiptText(kept.receipt);
  }

  /** The training sets that have a receipt, newest first. */
  sets(): TrainingSetInfo[] {
    return this.#book.all().map(describeKept).reverse();
  }

  receipt(input: { id: string }): TrainingSetReceipt {
    return this.#book.get(input.id);
  }

  /** Every receipt that was given out, oldest first. */
  receipts(): KeptReceipt[] {
    return this.#book.all();
  }

  /** Ends the threads, once what was stopped in them is at its end. */
  close(): Promise<void> {
    return this.#threads.close();
  }

  #catalogue(): RecordingCatalogue {
    return new RecordingCatalogue((kind, reference) => this.#definitions.revision(kind, reference));
  }

  #arrivalTimes(): (view: FeatureViewDefinition) => string | null {
    return arrivalTimes({
      datasets: this.#options.data.list(),
      newestKnown: (view) => this.#pushed.newestKnown(view),
      viewOf: (name) => this.#definitions.find('FeatureView', name)?.definition ?? null,
    });
  }

  #dataset(name: string): DatasetFacts | null {
    return this.#options.data.list().find((dataset) => dataset.name === name) ?? null;
  }
}
