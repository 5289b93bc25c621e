import path from 'node:path';
import type { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import type { Dataset } from '../../../shared/contract/types.ts';
import type { TrainingDefinition } from '../../../shared/definitions/training.ts';
import { FalajError } from '../../../shared/errors.ts';
import { type Column, microsToIso, type Table } from '../../../shared/table/column.ts';
import type { AuditLog } from '../../audit/index.ts';
import {
  assertOutputFile,
  type DataRoom,
  readTableStream,
  type StagedFile,
  tableAsArrow,
  tableFormat,
} from '../../data/index.ts';
import type { JobContext } from '../../jobs/index.ts';
import type { Store } from '../../store/index.ts';
import { definitionId } from '../definitions/definition.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { RecordingCatalogue } from '../definitions/recording-catalogue.ts';
import type { FeatureThreads } from '../join/compute/feature-threads.ts';
import { knownSources } from '../join/known-source.ts';
import type { PushedRows, RecordedData } from '../pushed-source.ts';
import {
  buildSet,
  cutOff,
  instantKnown,
  type PlannedSet,
  planSet,
  type SetQuery,
  type SpineRows,
  type StartedSet,
  startSet,
} from './build-set.ts';
import { ownLabelFeatures } from './checks/own-label.ts';
import {
  type DataVersion,
  describeSet,
  hashSet,
  readVersions,
  type SetDescription,
  type SetFacts,
  type SetHashes,
} from './describe-set.ts';
import type { NamesForm } from './output-columns.ts';
import { type ReceiptBook, receiptText } from './receipt-book.ts';
import { checkSpine, readSpine } from './spine-file.ts';
import { stageSet } from './stage-set.ts';
import { stageText } from './staged-text.ts';
import { withDigests } from './with-digests.ts';
import { recordSet, setTable, sizeOf } from './write-set.ts';

export interface TrainingSetsOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly data: DataRoom;
  /** The data room and the pushed rows, which a join reads alike. */
  readonly sources: RecordedData;
  readonly pushed: PushedRows;
  readonly definitions: Definitions;
  readonly book: ReceiptBook;
  readonly threads: FeatureThreads;
}

/** Which features, as of when, and how they are called. */
export interface SetRequest {
  readonly service?: string | undefined;
  readonly features?: readonly string[] | undefined;
  /** Columns of these that are left out: `view__feature`. */
  readonly without?: readonly string[] | undefined;
  readonly eventTime: string;
  readonly asKnown?: string | undefined;
  readonly names: NamesForm;
}

export interface HistoricalInput extends SetRequest {
  readonly entities: string;
  readonly out: string;
  /** Where the signed receipt goes, if one is wanted. */
  readonly receipt?: string | undefined;
}

export interface HistoricalResult {
  readonly file: string;
  readonly rows: number;
  readonly columns: number;
  /** The versions of datasets that the features come from. */
  readonly data: readonly DataVersion[];
  readonly receipt?: WrittenReceipt;
}

/** A set that leaves as a stream: the hash of its content, as a receipt has it, and what it comes from. */
export interface StreamedSet {
  readonly contentHash: string;
  readonly data: readonly DataVersion[];
}

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** Told before the first byte, if anybody wants to know: hashing takes time. What it throws is thrown. */
  readonly onSet?: ((set: StreamedSet) => void) | undefined;
}

interface WrittenReceipt {
  readonly file: string;
  readonly id: string;
  readonly contentHash: string;
}

export interface TrainingRequest {
  readonly definition: TrainingDefinition;
  readonly dataset: Pick<Dataset, 'name' | 'version' | 'digest'>;
  /** All rows and columns of that version. */
  readonly spine: Table;
  readonly eventTime: string | null;
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

export interface TrainingFeatures {
  readonly joined: Column[];
  readonly description: SetDescription;
  /** Features by which a row sees its own label. */
  readonly ownLabel: readonly string[];
}

/** Training sets: rows with their features as of any time, built for a file or a training. */
export class TrainingSets {
  readonly #options: TrainingSetsOptions;

  constructor(options: TrainingSetsOptions) {
    this.#options = options;
  }

  /** Reads entities from a file and writes the same rows, in the same order, with their features. */
  async historical(context: JobContext, input: HistoricalInput): Promise<HistoricalResult> {
    const { signal } = context;
    tableFormat(input.out);
    for (const file of [input.out, ...(input.receipt === undefined ? [] : [input.receipt])])
      await assertOutputFile(file);
    refuseSameFile(input);
    const planned = planSet(queryOf(input), this.#catalogue());
    context.progress({ step: 'load', fraction: 0 });
    const started = this.#start(planned, signal);
    const spine = await readSpine(this.#options.data, input.entities, {
      eventTime: input.eventTime,
      signal,
      meanwhile: () => started.join.load(),
    });
    checkSpine(spine, { file: input.entities, eventTime: input.eventTime, views: planned.views });
    const rows: SpineRows = {
      spine,
      source: { kind: 'file', file: path.resolve(input.entities) },
      onProgress: (fraction) => context.progress({ step: 'join', fraction: 0.9 * fraction }),
    };
    const target = {
      file: input.out,
      object: objectOf(input),
      signal,
      withHashes: input.receipt !== undefined,
    };
    const { facts, hashes, staged } = await stageSet(this.#options, started, rows, target);
    const features = facts.views.reduce((sum, { planned: { features } }) => sum + features.length, 0);
    const written = {
      file: input.out,
      rows: spine.rows,
      columns: spine.columns.length + features,
      data: readVersions(facts.views),
    };
    if (input.receipt === undefined || hashes === null) {
      await staged.commit();
      return written;
    }
    return { ...written, receipt: await this.#commitWithReceipt(staged, input.receipt, { facts, hashes }) };
  }

  /** The file and its receipt take their places together, or neither does. */
  async #commitWithReceipt(
    set: StagedFile,
    file: string,
    { facts, hashes }: { readonly facts: SetFacts; readonly hashes: SetHashes },
  ): Promise<WrittenReceipt> {
    const { book, sources } = this.#options;
    const staged = [set];
    try {
      const kept = book.sign(describeSet(await withDigests(sources, facts), hashes), null);
      staged.push(await stageText(file, receiptText(kept.receipt)));
      book.keep(kept);
      for (const one of staged) await one.commit();
      return { file, id: kept.id, contentHash: kept.receipt.output.contentHash };
    } catch (error) {
      for (const one of staged) await one.discard();
      throw error;
    }
  }

  /** The same for entities that arrive as an Arrow stream; the answer is one, too. */
  async stream(
    entities: Readable,
    input: SetRequest,
    { signal, onSet }: StreamOptions,
  ): Promise<AsyncGenerator<Uint8Array>> {
    const planned = planSet(queryOf(input), this.#catalogue());
    const started = this.#start(planned, signal);
    void started.join.load();
    const spine = await readTableStream(entities, {
      signal,
      exactTimes: [input.eventTime],
      memory: 'shared',
    });
    checkSpine(spine, { file: STREAM, eventTime: input.eventTime, views: planned.views });
    const source = { kind: 'file', file: STREAM } as const;
    const set = await buildSet(started, { spine, source, onProgress: () => undefined });
    if (onSet !== undefined) {
      const hashes = await hashSet(set, { threads: this.#options.threads, signal });
      onSet({ contentHash: describeSet(set, hashes).output.contentHash, data: readVersions(set.views) });
    }
    recordSet(this.#options, sizeOf(set), { object: objectOf(input), format: 'arrow' });
    return tableAsArrow(setTable(set));
  }

  /** The features of a training's rows, with all that a receipt will say of them. */
  async forTraining(request: TrainingRequest): Promise<TrainingFeatures> {
    const { signal, spine, dataset, onProgress, definition } = request;
    const applied = this.#options.definitions.find('Training', definition.name)?.definition;
    const query: SetQuery = {
      // Only what is in force can be named; a definition handed in for a trial stands in no history.
      training: isDeepStrictEqual(applied, definition) ? definition.name : null,
      service: definition.service ?? null,
      features: null,
      eventTime: request.eventTime,
      names: 'full',
      asKnown: 'row',
    };
    const set = await buildSet(this.#start(planSet(query, this.#catalogue()), signal), {
      spine,
      source: { kind: 'dataset', name: dataset.name, version: dataset.version, digest: dataset.digest },
      onProgress,
    });
    const joined = [...set.joined];
    const { sources, threads } = this.#options;
    const hashes = await hashSet(set, { threads, signal });
    const ownLabel = ownLabelFeatures(set.views, {
      label: definition.label,
      dataset: dataset.name,
      eventTime: request.eventTime,
      columns: spine.columns.map(({ name }) => name),
    });
    return { joined, description: describeSet(await withDigests(sources, set), hashes), ownLabel };
  }

  #start(planned: PlannedSet, signal: AbortSignal): StartedSet {
    const { data, sources, threads } = this.#options;
    const sourceOf = knownSources(data, sources, cutOff(planned.query.asKnown));
    return startSet(sources, { ...planned, sourceOf, threads, signal });
  }

  #catalogue(): RecordingCatalogue {
    return new RecordingCatalogue((kind, reference) => this.#options.definitions.revision(kind, reference));
  }
}

/** Stands for the file's name where rows come without one. */
const STREAM = '-';

const objectOf = ({ service, features }: SetRequest): string =>
  service === undefined
    ? `features/${features!.join(',')}`
    : definitionId({ kind: 'FeatureService', name: service });

/** An instant is recorded in one form, however it was written. */
export const queryOf = (input: SetRequest): SetQuery => ({
  training: null,
  service: input.service ?? null,
  features: input.service === undefined || input.features !== undefined ? [...(input.features ?? [])] : null,
  ...(input.without === undefined || input.without.length === 0 ? {} : { without: [...input.without] }),
  eventTime: input.eventTime,
  names: input.names,
  asKnown:
    input.asKnown === undefined || input.asKnown === 'row'
      ? (input.asKnown ?? null)
      : microsToIso(instantKnown(input.asKnown)),
});

/** A receipt is worth nothing when its entities are overwritten by their own features, or itself by the set. */
function refuseSameFile({ entities, out, receipt }: HistoricalInput): void {
  if (receipt === undefined) return;
  const paths = [entities, out, receipt].map((file) => path.resolve(file));
  if (new Set(paths).size === paths.length) return;
  throw new FalajError('BAD_INPUT', 'The entities, the output and the receipt need a file each.', {
    hint: 'Name three different files: a receipt is checked against the entities as they are.',
  });
}
