import { setImmediate as turn } from 'node:timers/promises';
import type { z } from 'zod';
import type { asOfInput, asOfResult } from '../../shared/contract/features.ts';
import { cellToJson, findColumn, microsToIso, type Table } from '../../shared/table/column.ts';
import { parseDuration, parseInstant } from '../../shared/units.ts';
import type { DataRoom } from '../data/index.ts';
import type { FeatureRoom, PlannedView, ViewHistory } from '../features/index.ts';
import { EntityKeys } from './entity-key.ts';
import {
  changeTimes,
  entityIds,
  neighboursOf,
  newestKeys,
  rangeOf,
  rowsOfEntities,
  usableTimes,
} from './entity-rows.ts';
import { fillFrom, foundInHistory } from './fill-from.ts';
import { tableFromRows } from './json-table.ts';
import type { OnlineAnswer } from './online-answer.ts';
import type { PushLog } from './push-log.ts';
import { definitionDigest } from './view-layout.ts';
import { noRows, rootOf } from './view-plans.ts';

export interface PastReaderOptions {
  readonly data: Pick<DataRoom, 'get'>;
  readonly features: FeatureRoom;
  readonly log: PushLog;
}

/** A few entities of a view with all their rows, and the span of the whole view's. */
interface EntityHistory {
  readonly keys: Table;
  readonly history: ViewHistory;
  readonly span: { readonly first: number; readonly last: number } | null;
}

type Input = z.output<typeof asOfInput>;

/** Histories of a few entities that are kept, and how many rows each may have to be. */
const KEPT_HISTORIES = 8;
const MOST_KEPT_ROWS = 200_000;

/**
 * What a view said of a few entities at any instant, by as much as was known then. A person moves through time: the rows of
 * the entities last looked at are kept, so that only the first look reads the whole source.
 */
export class PastReader {
  readonly #options: PastReaderOptions;
  readonly #kept = new Map<string, Promise<EntityHistory>>();

  constructor(options: PastReaderOptions) {
    this.#options = options;
  }

  async read(input: Input): Promise<z.input<typeof asOfResult>> {
    const [planned] = this.#options.features.planned({ features: [`${input.name}:*`] });
    const { keys, history, span } = await this.#entities(planned!, input);
    const at = input.at === undefined ? (span?.last ?? null) : parseInstant(input.at);
    const { previous, next } =
      at === null ? { previous: null, next: null } : neighboursOf(changeTimes(history), at);
    return {
      at: instant(at),
      first: instant(span?.first ?? null),
      last: instant(span?.last ?? null),
      previous: instant(previous),
      next: instant(next),
      keys: planned!.keys.map(({ spine, type }) => ({ name: spine, type })),
      features: planned!.features.map(({ name, type }) => ({ name, type })),
      rows: at === null ? [] : await answersAt(planned!, history, keys, at),
    };
  }

  /** The entities asked for, or those with the newest rows. */
  #entities(planned: PlannedView, input: Input): Promise<EntityHistory> {
    const columns = planned.keys.map(({ spine, type }) => ({ name: spine, type }));
    const names = new Set(columns.map(({ name }) => name));
    const asked =
      input.keys === undefined
        ? null
        : tableFromRows(input.keys, columns, {
            of: `view "${planned.view.name}"`,
            required: names,
            present: names,
            strict: true,
          });
    const state = this.#stateOf(planned);
    const id = JSON.stringify([state, input.keys ?? input.limit]);
    const known = this.#kept.get(id);
    if (known !== undefined) {
      this.#kept.delete(id);
      this.#kept.set(id, known);
      return known;
    }
    const loaded = this.#load(planned, asked ?? input.limit);
    this.#keep(id, loaded);
    // The keys that were chosen come back in the next question.
    void loaded.then(
      ({ keys, history }) => {
        if (history.table.rows > MOST_KEPT_ROWS) this.#kept.delete(id);
        else if (asked === null) this.#keep(JSON.stringify([state, keyRows(keys)]), loaded);
      },
      () => this.#kept.delete(id),
    );
    return loaded;
  }

  #keep(id: string, loaded: Promise<EntityHistory>): void {
    this.#kept.set(id, loaded);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_HISTORIES) break;
      this.#kept.delete(oldest);
    }
  }

  async #load(planned: PlannedView, wanted: Table | number): Promise<EntityHistory> {
    const whole = await this.#options.features.history(planned, { asKnown: 'row' });
    const entities = entityIds(whole, planned);
    await turn();
    const keys = typeof wanted === 'number' ? newestKeys(whole, planned, entities, wanted) : wanted;
    await turn();
    const history = rowsOfEntities(whole, planned, entities, keys);
    await turn();
    return { keys, history, span: rangeOf(usableTimes(whole)) };
  }

  /** All that decides which rows the view has: rows kept for another state are never found again. */
  #stateOf(planned: PlannedView): readonly (string | number)[] {
    const { data, features, log } = this.#options;
    if (planned.request !== null) throw noRows(planned.view.name);
    const root = rootOf(planned);
    const { version, digest } = root.pushed
      ? { version: log.rows(root.name), digest: '' }
      : data.get({ name: root.name });
    return [planned.reference, definitionDigest(planned), features.revision, version, digest];
  }
}

async function answersAt(
  planned: PlannedView,
  history: ViewHistory,
  keys: Table,
  at: number,
): Promise<z.input<typeof asOfResult>['rows']> {
  const entities = new EntityKeys(planned.keys.map(({ spine }) => findColumn(keys, spine)!));
  const bytes = Array.from({ length: keys.rows }, (_, row) => entities.of(row));
  const answers = bytes.map((): OnlineAnswer => ({ values: {}, status: {}, eventTime: {} }));
  const ttlMicros = planned.view.ttl === undefined ? null : parseDuration(planned.view.ttl);
  const found = await foundInHistory(history, planned, bytes, at);
  await fillFrom({ planned, ttlMicros }, found, { keys, bytes, at }, answers);
  const shown = keyRows(keys);
  return answers.map(({ values, status, eventTime }, row) => ({
    keys: shown[row]!,
    values: planned.features.map(({ name }) => values[`${planned.alias}__${name}`] ?? null),
    status: planned.features.map(({ name }) => status[`${planned.alias}__${name}`]!),
    eventTime: eventTime[planned.alias] ?? null,
  }));
}

const keyRows = (keys: Table): Record<string, string | number | boolean | null>[] =>
  Array.from({ length: keys.rows }, (_, row) =>
    Object.fromEntries(keys.columns.map((column) => [column.name, cellToJson(column, row)])),
  );

const instant = (micros: number | null): string | null => (micros === null ? null : microsToIso(micros));
