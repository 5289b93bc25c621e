import { setImmediate as turn } from 'node:timers/promises';
import { FalajError } from '../../shared/errors.ts';
import { microsToIso } from '../../shared/table/column.ts';
import type { AuditLog } from '../audit/index.ts';
import type { DataRoom } from '../data/index.ts';
import type { FeatureRoom } from '../features/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { Store } from '../store/index.ts';
import { joined, packRecord, unpackRecord } from './online-record.ts';
import type { NewSet, OnlineSet, OnlineSets } from './online-sets.ts';
import { type PackedHistory, packHistory } from './pack-history.ts';
import type { PushLog } from './push-log.ts';
import { sourceFacts } from './source-facts.ts';
import { layoutOf, layoutToText } from './view-layout.ts';
import type { ViewPlans } from './view-plans.ts';

export interface MaterializerOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly data: Pick<DataRoom, 'versions'>;
  readonly features: FeatureRoom;
  readonly sets: OnlineSets;
  readonly log: PushLog;
  readonly plans: ViewPlans;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Event times in microseconds, both ends inclusive. */
export interface Bounds {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface Materialized {
  readonly view: string;
  /** `full`: all rows anew. `incremental`: those that have come since. `bounded`: those between two times. */
  readonly mode: 'full' | 'incremental' | 'bounded';
  /** Rows of the source that were taken in. */
  readonly rows: number;
  /** Entities that were written. */
  readonly entities: number;
}

type Work = Pick<JobContext, 'signal' | 'progress'>;

/** Entities written in one transaction: others get their turn in between. */
const BATCH_ENTITIES = 4000;

/**
 * Fills the online rows of a view from its history. Rows made by the view as it stands are added to, from the last row
 * taken in; else a new set is built beside the old one, which answers until the new one is whole. A run that was cut
 * short, wherever that was, is taken up by the next one.
 */
export class Materializer {
  readonly #options: MaterializerOptions;

  constructor(options: MaterializerOptions) {
    this.#options = options;
  }

  async run(work: Work, view: string, bounds: Bounds): Promise<Materialized> {
    const { data, features, sets, plans, log, clock } = this.#options;
    work.signal.throwIfAborted();
    const plan = plans.view(view);
    const { whole } = plan;
    const facts = sourceFacts(plan, { data, log });
    const live = sets.live(view);
    const alike = live?.definition === plan.definition && facts.continues(live.sourceVersion);
    const isBounded = bounds.since !== undefined || bounds.until !== undefined;
    if (!isBounded && alike && live.sourceVersion === facts.version && live.taken === facts.rows) {
      return { view, mode: 'incremental', rows: 0, entities: 0 };
    }
    work.progress({ step: 'load', fraction: 0 });
    const history = await features.history(whole, { signal: work.signal, asKnown: 'row' });
    work.signal.throwIfAborted();
    const layout = layoutOf(history, whole);
    const wanted: NewSet = {
      view,
      definition: plan.definition,
      sourceVersion: facts.version,
      layout,
      bounds: boundsText(bounds),
    };
    const target = alike && layoutToText(live.layout) === layoutToText(layout) ? live : null;
    // A history with corrections numbers the corrected rows too; what is new lies at the end of both.
    const corrected = history.until === null ? 0 : facts.rowsEver - facts.rows;
    const packed = await packHistory(history, {
      planned: whole,
      layout,
      now: clock() * 1000,
      fromSequence: isBounded || target === null ? 0 : target.taken + corrected,
      ...(bounds.since === undefined ? {} : { since: bounds.since }),
      ...(bounds.until === undefined ? {} : { until: bounds.until }),
    });
    const taken = isBounded ? 0 : facts.rows;
    if (target === null) await this.#build(work, wanted, packed, { taken, live });
    else await this.#add(work, target, packed, { ...wanted, taken });
    const mode = isBounded ? 'bounded' : target === null || target.taken === 0 ? 'full' : 'incremental';
    return { view, mode, rows: packed.rows, entities: packed.entities };
  }

  /** Removes what no view reads any more. */
  async sweep(work: Pick<Work, 'signal'>): Promise<void> {
    const { store, sets, features } = this.#options;
    const views = new Set(features.views().map(({ definition }) => definition.name));
    store.transaction(() => sets.retireOthers(views));
    while (store.transaction(() => sets.sweep(BATCH_ENTITIES))) {
      await turn();
      work.signal.throwIfAborted();
    }
  }

  /** A new set, ascending by key, so that a run that follows a killed one goes on after the last key. */
  async #build(
    work: Work,
    wanted: NewSet,
    packed: PackedHistory,
    { taken, live }: { readonly taken: number; readonly live: OnlineSet | undefined },
  ): Promise<void> {
    const { store, audit, sets, clock } = this.#options;
    const set = store.transaction(
      () => sets.unfinished(wanted) ?? sets.create(wanted, { live: false, nowMs: clock() }),
    );
    const last = sets.lastKey(set);
    let next = 0;
    while (last !== null && next < packed.entities && packed.entity(next).key.compare(last) <= 0) next++;
    await inBatches(work, next, packed.entities, (from, to) =>
      store.transaction(() => {
        if (!sets.isUnfinished(set)) throw overtaken(set.view);
        for (let index = from; index < to; index++) {
          const { key, record } = packed.entity(index);
          sets.put(set, key, packRecord(record));
        }
      }),
    );
    store.transaction(() => {
      if (!sets.isUnfinished(set) || sets.live(set.view)?.id !== live?.id) throw overtaken(set.view);
      sets.update(set, {
        taken,
        addedEntities: packed.entities,
        newestEvent: packed.newestEvent,
        nowMs: clock(),
      });
      sets.publish(set);
      audit.append(entryOf(wanted.view, 'full', wanted.bounds, packed));
    });
  }

  /** Rows into the set that is read: each entity's row is right before and after, and taking rows in twice changes nothing. */
  async #add(
    work: Work,
    set: OnlineSet,
    packed: PackedHistory,
    { taken, sourceVersion, bounds }: NewSet & { readonly taken: number },
  ): Promise<void> {
    const { store, audit, sets, clock } = this.#options;
    const rule = { ...set.layout, now: clock() * 1000 };
    let recorded = false;
    // Recorded with the first change: what follows it adds nothing that the entry does not name.
    const record = (): void => {
      if (!recorded) audit.append(entryOf(set.view, 'incremental', bounds, packed));
      recorded = true;
    };
    await inBatches(work, 0, packed.entities, (from, to) =>
      store.transaction(() => {
        record();
        let addedEntities = 0;
        for (let index = from; index < to; index++) {
          const { key, record: added } = packed.entity(index);
          const before = sets.record(set, key);
          if (before === undefined) {
            addedEntities++;
            sets.put(set, key, packRecord(added));
          } else sets.put(set, key, packRecord(joined(unpackRecord(before), added, rule)));
        }
        sets.update(set, { taken: 0, addedEntities, newestEvent: packed.newestEvent, nowMs: clock() });
      }),
    );
    store.transaction(() => {
      record();
      sets.update(set, { taken, addedEntities: 0, newestEvent: packed.newestEvent, nowMs: clock() });
      if (bounds === UNBOUNDED) sets.setSourceVersion(set, sourceVersion);
    });
  }
}

/** Two runs over one view at once, or rows pushed to a view that had none: what the other made must not be replaced. */
const overtaken = (view: string): FalajError =>
  new FalajError('CONFLICT', `The online rows of view "${view}" were changed by something else meanwhile.`, {
    hint: 'Run it again.',
    details: { view },
  });

async function inBatches(
  work: Work,
  first: number,
  entities: number,
  write: (from: number, to: number) => void,
): Promise<void> {
  for (let from = first; from < entities; from += BATCH_ENTITIES) {
    work.signal.throwIfAborted();
    const to = Math.min(entities, from + BATCH_ENTITIES);
    write(from, to);
    work.progress({ step: 'write', fraction: to / entities, done: to, unit: 'entities' });
    await turn();
  }
}

const UNBOUNDED = '..';

const boundsText = ({ since, until }: Bounds): string =>
  `${since === undefined ? '' : microsToIso(since)}..${until === undefined ? '' : microsToIso(until)}`;

const entryOf = (view: string, mode: string, bounds: string, packed: PackedHistory) => ({
  action: 'features.materialize',
  object: `FeatureView/${view}`,
  details: { mode, bounds, rows: packed.rows, entities: packed.entities },
});

/** Bounds as people write them. */
export function checkBounds({ since, until }: Bounds): Bounds {
  if (since === undefined || until === undefined || since <= until) return { since, until };
  throw new FalajError('BAD_INPUT', 'The time to start from is later than the time to stop at.', {
    hint: 'Swap --since and --until.',
  });
}
