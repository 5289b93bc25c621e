import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { definitionsInput } from '../../shared/contract/features.ts';
import type { ChangedRoom, FeatureViewInfo, PlannedChange } from '../../shared/contract/types.ts';
import type { DatasetDefinition } from '../../shared/definitions/datasets.ts';
import type { EntityDefinition, FeatureServiceDefinition } from '../../shared/definitions/features.ts';
import type { TrainingDefinition } from '../../shared/definitions/training.ts';
import { FalajError } from '../../shared/errors.ts';
import {
  type Column,
  type ColumnSchema,
  cellToJson,
  findColumn,
  type Table,
} from '../../shared/table/column.ts';
import { parseInstant } from '../../shared/units.ts';
import type { AuditLog } from '../audit/index.ts';
import {
  assertOutputFile,
  type DataRoom,
  readTableFile,
  readTableStream,
  tableAsArrow,
  tableFormat,
  writeTableFile,
} from '../data/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { Store } from '../store/index.ts';
import { Definitions } from './definitions/definitions.ts';
import type { DatasetFacts } from './definitions/known-definitions.ts';
import { joinFeatures } from './join/join-features.ts';
import { type Catalogue, type PlannedView, planJoin } from './join/join-plan.ts';
import { newestEntities } from './join/newest-entities.ts';
import { type JoinedData, SourceTables } from './join/source-tables.ts';
import { loadHistory, type ViewHistory } from './join/view-history.ts';
import { NO_PUSHED_ROWS, type PushedRows, pushedColumns, withPushedRows } from './pushed-source.ts';

export interface FeatureRoomOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly data: DataRoom;
  /** Rows of pushed views; without it they have none. */
  readonly pushed?: PushedRows;
  readonly notify: (room: ChangedRoom) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export interface FeatureSelection {
  readonly service?: string | undefined;
  /** `view:feature` or `view:*`. */
  readonly features?: readonly string[] | undefined;
}

export interface HistoryOptions {
  readonly source?: JoinedData | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface HistoricalInput extends FeatureSelection {
  readonly entities: string;
  readonly eventTime: string;
  readonly asKnown?: string | undefined;
  readonly out: string;
  readonly names: 'full' | 'feature';
}

type DefinitionsInput = z.output<typeof definitionsInput>;

/** Definitions of features, and their values as of any time. */
export class FeatureRoom {
  readonly #options: FeatureRoomOptions;
  readonly #definitions: Definitions;
  readonly #catalogue: Catalogue;
  /** The data room and the pushed rows, which a join reads alike. */
  readonly #sources: JoinedData;
  #revision = 0;

  constructor(options: FeatureRoomOptions) {
    this.#options = options;
    this.#definitions = new Definitions({ ...options, dataset: (name) => this.#dataset(name) });
    this.#catalogue = {
      view: (name) => this.#definitions.get('FeatureView', name).definition,
      entity: (name) => this.#definitions.get('Entity', name).definition,
    };
    this.#sources = withPushedRows(
      options.data,
      (view) => this.pushedColumns(view),
      options.pushed ?? NO_PUSHED_ROWS,
    );
  }

  entities(): EntityDefinition[] {
    return this.#definitions.list('Entity').map(({ definition }) => definition);
  }

  views(): FeatureViewInfo[] {
    const services = this.services();
    return this.#definitions
      .list('FeatureView')
      .map((stored) => ({ ...stored, usedBy: usersOf(stored.definition.name, services) }));
  }

  view(input: { name: string }): FeatureViewInfo {
    return {
      ...this.#definitions.get('FeatureView', input.name),
      usedBy: usersOf(input.name, this.services()),
    };
  }

  services(): FeatureServiceDefinition[] {
    return this.#definitions.list('FeatureService').map(({ definition }) => definition);
  }

  trainings(): TrainingDefinition[] {
    return this.#definitions.list('Training').map(({ definition }) => definition);
  }

  training(input: { name: string }): TrainingDefinition {
    return this.#definitions.get('Training', input.name).definition;
  }

  /** What the definition files say of a dataset; null when they say nothing. */
  datasetDefinition(name: string): DatasetDefinition | null {
    return this.#definitions.find('Dataset', name)?.definition ?? null;
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
    return planJoin(this.#selections(input), this.#catalogue);
  }

  /** The rows that a view's features come from, in memory; out of another source than its own if one is given. */
  history(planned: PlannedView, options: HistoryOptions = {}): Promise<ViewHistory> {
    return loadHistory(new SourceTables(options.source ?? this.#sources, [planned], options.signal), planned);
  }

  /** The columns of rows that are pushed to a view. */
  pushedColumns(view: string): ColumnSchema[] {
    const { definition } = this.#definitions.get('FeatureView', view);
    return pushedColumns(definition, definition.entities.map(this.#catalogue.entity));
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
      views: planJoin(definition.features, this.#catalogue),
    });
  }

  /** A view's features for its newest source rows, as they were known at those rows' own times. */
  async sample(input: { name: string; limit?: number }): Promise<{
    columns: ColumnSchema[];
    rows: (string | number | boolean | null)[][];
    totalRows: number;
  }> {
    const [planned] = planJoin([`${input.name}:*`], this.#catalogue);
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

  /** Reads entities from a file and writes the same rows, in the same order, with their features. */
  async historical(
    context: JobContext,
    input: HistoricalInput,
  ): Promise<{ file: string; rows: number; columns: number }> {
    const format = tableFormat(input.out);
    await assertOutputFile(input.out);
    context.progress({ step: 'load', fraction: 0 });
    const spine = await readTableFile(input.entities, {
      exactTimes: [input.eventTime],
      signal: context.signal,
    });
    const result = await this.#withFeatures(spine, input, {
      format,
      signal: context.signal,
      onProgress: (fraction) => context.progress({ step: 'join', fraction: 0.9 * fraction }),
    });
    await writeTableFile(result, input.out, format, { signal: context.signal });
    return { file: input.out, rows: spine.rows, columns: result.columns.length };
  }

  /** The same for entities that arrive as an Arrow stream; the answer is one, too. */
  async historicalStream(
    entities: Readable,
    input: Omit<HistoricalInput, 'entities' | 'out'>,
    options: { readonly signal: AbortSignal },
  ): Promise<AsyncGenerator<Uint8Array>> {
    this.#selections(input);
    const spine = await readTableStream(entities, { ...options, exactTimes: [input.eventTime] });
    const result = await this.#withFeatures(spine, input, { ...options, format: 'arrow' });
    return tableAsArrow(result);
  }

  /** The rows with their features; recorded, since whoever called writes them out next. */
  async #withFeatures(
    spine: Table,
    input: Omit<HistoricalInput, 'entities' | 'out'>,
    options: {
      readonly format: string;
      readonly signal: AbortSignal;
      readonly onProgress?: (fraction: number) => void;
    },
  ): Promise<Table> {
    if (findColumn(spine, input.eventTime) === undefined) {
      throw new FalajError(
        'UNKNOWN_COLUMN',
        `The entities have no column "${input.eventTime}" for the event time.`,
        {
          hint: `The columns are: ${spine.columns.map(({ name }) => name).join(', ')}. Name it with --event-time.`,
          details: { column: input.eventTime },
        },
      );
    }
    const joined = await joinFeatures(this.#sources, {
      views: planJoin(this.#selections(input), this.#catalogue),
      spine,
      eventTime: input.eventTime,
      asKnown:
        input.asKnown === undefined || input.asKnown === 'row'
          ? (input.asKnown ?? null)
          : parseInstant(input.asKnown),
      signal: options.signal,
      onProgress: options.onProgress,
    });
    const columns = [...spine.columns, ...named(joined, input.names, spine)];
    this.#options.store.transaction(() =>
      this.#options.audit.append({
        action: 'features.historical',
        object: `service/${input.service ?? (input.features ?? []).join(',')}`,
        details: { rows: spine.rows, columns: joined.length, format: options.format },
      }),
    );
    return { rows: spine.rows, columns };
  }

  #selections(input: FeatureSelection): FeatureServiceDefinition['features'] {
    if (input.service !== undefined && input.features !== undefined) {
      throw new FalajError('BAD_INPUT', 'A service and features were both named.', {
        hint: 'Say either --service or --features.',
      });
    }
    if (input.service !== undefined)
      return this.#definitions.get('FeatureService', input.service).definition.features;
    if (input.features !== undefined && input.features.length > 0) return [...input.features];
    throw new FalajError('BAD_INPUT', 'Neither a service nor features were named.', {
      hint: 'Say --service NAME, or --features view:feature,view:*.',
    });
  }

  #dataset(name: string): DatasetFacts | null {
    return this.#options.data.list().find((dataset) => dataset.name === name) ?? null;
  }
}

function usersOf(view: string, services: readonly FeatureServiceDefinition[]): string[] {
  return services
    .filter(({ features }) =>
      features.some((one) => (typeof one === 'string' ? one.split(':')[0] : one.view) === view),
    )
    .map(({ name }) => name);
}

/** Bare feature names only when no two columns of the output would be the same. */
function named(joined: readonly Column[], names: 'full' | 'feature', spine: Table): Column[] {
  const bare = (name: string): string => name.slice(name.indexOf('__') + 2);
  const renamed =
    names === 'full' ? [...joined] : joined.map((column) => ({ ...column, name: bare(column.name) }));
  const seen = new Set(spine.columns.map(({ name }) => name));
  for (const { name } of renamed) {
    if (seen.has(name)) {
      throw new FalajError('CONFLICT', `Two columns of the output would be called "${name}".`, {
        hint: 'Use --names full.',
      });
    }
    seen.add(name);
  }
  return renamed;
}
