import type { Column, Table } from '../../../shared/table/column.ts';
import { type DataRoom, takeRows } from '../../data/index.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { RecordingCatalogue, type UsedDefinition } from '../definitions/recording-catalogue.ts';
import type { FeatureThreads } from '../join/compute/feature-threads.ts';
import { joinFeatures } from '../join/join-features.ts';
import { type PlannedView, planJoin } from '../join/join-plan.ts';
import type { JoinedData } from '../join/joined-data.ts';
import { knownSources } from '../join/known-source.ts';
import { lowest } from '../join/source-tables.ts';
import { times } from '../join/time-columns.ts';
import { eraOf, importTimes } from './import-eras.ts';
import { recordedLookUp } from './recorded-look-up.ts';

export interface ReplayRequest {
  readonly service: string;
  /** The definitions that answered then; null for those in force. */
  readonly definitions: readonly UsedDefinition[] | null;
  /** The keys that were read, and when. */
  readonly spine: Table;
  readonly eventTime: string;
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

/** What a training set says of reads of the past: columns `view__feature`, one value a read. */
export interface Replayed {
  /** As known at each read, in parts that read the same versions of the data; `rows` are rows of the spine. */
  readonly asKnown: readonly { readonly rows: Uint32Array; readonly columns: readonly Column[] }[];
  /** Out of all that is known now. */
  readonly today: readonly Column[];
}

export interface ServiceReplayOptions {
  readonly data: DataRoom;
  readonly sources: JoinedData;
  readonly definitions: Definitions;
  readonly threads: FeatureThreads;
}

/** Answers reads of the past again, by the definitions of then, out of the history. */
export class ServiceReplay {
  readonly #options: ServiceReplayOptions;

  constructor(options: ServiceReplayOptions) {
    this.#options = options;
  }

  async replay(request: ReplayRequest): Promise<Replayed> {
    const { spine, eventTime, signal, onProgress } = request;
    const views = this.#plan(request);
    const eras = this.#eras(views, spine, eventTime);
    const steps = eras.length + 1;
    const joined = (rows: Table, cut: number | null, step: number): Promise<Column[]> =>
      joinFeatures(this.#options.sources, {
        views,
        spine: rows,
        eventTime,
        asKnown: cut === null ? null : 'row',
        sourceOf: knownSources(this.#options.data, this.#options.sources, cut),
        threads: this.#options.threads,
        signal,
        onProgress: (fraction) => onProgress((step + fraction) / steps),
      });
    const today = await joined(spine, null, 0);
    const asKnown: { rows: Uint32Array; columns: Column[] }[] = [];
    for (const [index, { rows, cut }] of eras.entries()) {
      const part = rows.length === spine.rows ? spine : takeRows(spine, rows);
      asKnown.push({ rows, columns: await joined(part, cut, index + 1) });
    }
    return { asKnown, today };
  }

  #plan({ service, definitions }: ReplayRequest): PlannedView[] {
    const { definitions: book } = this.#options;
    const catalogue = new RecordingCatalogue(
      definitions === null
        ? (kind, reference) => book.revision(kind, reference)
        : recordedLookUp(definitions, (kind, name) => book.history(kind, name)),
    );
    return planJoin(catalogue.take('FeatureService', service).definition.features, catalogue);
  }

  /** The reads between two imports of data whose rows do not say when they became known saw the same version of it. */
  #eras(
    views: readonly PlannedView[],
    spine: Table,
    eventTime: string,
  ): { rows: Uint32Array; cut: number }[] {
    const { data } = this.#options;
    const imports = importTimes(
      views.map(lowest).map(({ view }) => view),
      (name) => data.versions({ name }),
    );
    const at = times(spine, eventTime);
    const eras = new Map<number, number[]>();
    at.forEach((time, row) => {
      const era = eraOf(imports, time);
      const rows = eras.get(era);
      if (rows === undefined) eras.set(era, [row]);
      else rows.push(row);
    });
    return [...eras.values()].map((rows) => ({ rows: Uint32Array.from(rows), cut: at[rows[0]!]! }));
  }
}
