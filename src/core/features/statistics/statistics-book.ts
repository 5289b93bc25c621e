import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { viewStatisticsEntry } from '../../../shared/contract/features.ts';
import type { ViewStatisticsEntry } from '../../../shared/contract/types.ts';
import { canonicalJson } from '../../../trust/canonical-json.ts';
import type { Store } from '../../store/index.ts';
import type { FeatureThreads } from '../join/compute/feature-threads.ts';
import type { PlannedView } from '../join/join-plan.ts';
import type { JoinedData } from '../join/joined-data.ts';
import { PUSHED_PREFIX } from '../join/joined-view.ts';
import { SourceTables } from '../join/source-tables.ts';
import { loadHistory } from '../join/view-history.ts';
import { viewStatistics } from './view-statistics.ts';

/** Entries kept of a view: what came before says nothing about today. */
const KEPT_ENTRIES = 50;

const entries = z.array(viewStatisticsEntry);

export interface StatisticsOptions {
  readonly store: Store;
  /** The data room and the pushed rows. */
  readonly sources: JoinedData;
  readonly threads: FeatureThreads;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** The statistics of views as they were computed, one entry for each definition and state of the source. */
export class StatisticsBook {
  readonly #options: StatisticsOptions;

  constructor(options: StatisticsOptions) {
    this.#options = options;
  }

  /** Newest first; the first is of the view and its source as they stand, counted now if it was not before. */
  async current(planned: PlannedView, signal?: AbortSignal): Promise<ViewStatisticsEntry[]> {
    const { sources, threads, clock } = this.#options;
    const { name } = planned.view;
    const tables = new SourceTables(sources, [planned], { signal });
    const source = tables.of(planned);
    // A view that is computed from requests has no rows of its own.
    if (source === null) return [];
    const kept = this.#entries(name);
    const { dataset } = source;
    const facts = {
      definition: createHash('sha256').update(canonicalJson(planned)).digest('hex'),
      dataset: dataset.name.startsWith(PUSHED_PREFIX)
        ? null
        : { name: dataset.name, version: dataset.version },
      sourceRows: dataset.rows,
    };
    const last = kept[0];
    if (last !== undefined && isDeepStrictEqual(facts, factsOf(last))) return kept;
    const history = await loadHistory(tables, planned);
    const statistics = await viewStatistics(history, planned, { threads, signal });
    const entry = { computedAt: new Date(clock()).toISOString(), ...facts, ...statistics };
    // Somebody else may have asked, and counted, in the meantime.
    const [newest] = this.#entries(name);
    if (newest === undefined || !isDeepStrictEqual(facts, factsOf(newest))) this.#keep(name, entry);
    return this.#entries(name);
  }

  #entries(view: string): ViewStatisticsEntry[] {
    const rows = this.#options.store
      .statement<{ body: string }>(
        'SELECT body FROM feature_statistics WHERE view = ? ORDER BY sequence DESC',
      )
      .all(view);
    return entries.parse(rows.map(({ body }) => JSON.parse(body)));
  }

  #keep(view: string, entry: ViewStatisticsEntry): void {
    const { store } = this.#options;
    store.transaction(() => {
      store
        .statement('INSERT INTO feature_statistics (view, body) VALUES (?, ?)')
        .run(view, JSON.stringify(entry));
      store
        .statement(
          `DELETE FROM feature_statistics WHERE view = ? AND sequence NOT IN
             (SELECT sequence FROM feature_statistics WHERE view = ? ORDER BY sequence DESC LIMIT ?)`,
        )
        .run(view, view, KEPT_ENTRIES);
    });
  }
}

const factsOf = ({ definition, dataset, sourceRows }: ViewStatisticsEntry) => ({
  definition,
  dataset,
  sourceRows,
});
