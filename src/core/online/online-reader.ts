import { FalajError } from '../../shared/errors.ts';
import { findColumn, type Table } from '../../shared/table/column.ts';
import { type FeatureRoom, requestFeatures } from '../features/index.ts';
import { EntityKeys } from './entity-key.ts';
import { fillFrom, foundInHistory } from './fill-from.ts';
import { type Found, fillComputed, type OnlineAnswer } from './online-answer.ts';
import { type OnlineRecord, rowAt, unpackRecord } from './online-record.ts';
import type { OnlineSets } from './online-sets.ts';
import { staleRows, type ViewLayout } from './view-layout.ts';
import type { ReadPlan, RequestPlan } from './view-plans.ts';

/** Reads online rows as of one instant. What a record no longer knows is answered from the view's history. */
export class OnlineReader {
  readonly #sets: OnlineSets;
  readonly #features: FeatureRoom;

  constructor(options: { readonly sets: OnlineSets; readonly features: FeatureRoom }) {
    this.#sets = options.sets;
    this.#features = options.features;
  }

  /** One answer per row of `keys`, whose columns are those of the plan. */
  async read(plan: RequestPlan, keys: Table, at: number): Promise<OnlineAnswer[]> {
    const answers = Array.from(
      { length: keys.rows },
      (): OnlineAnswer => ({ values: {}, status: {}, eventTime: {} }),
    );
    for (const view of plan.views) {
      if (view.planned.request === null) await this.#readView(view, keys, at, answers);
      else fillComputed(view, await requestFeatures(view.planned, view.planned.request, keys), answers);
    }
    return answers;
  }

  async #readView(plan: ReadPlan, keys: Table, at: number, answers: readonly OnlineAnswer[]): Promise<void> {
    const entities = new EntityKeys(plan.planned.keys.map(({ spine }) => findColumn(keys, spine)!));
    const bytes = answers.map((_answer, row) => entities.of(row));
    const now = this.#fromSet(plan, bytes);
    const found =
      now?.records.every((record) => record === null || knows(record, now.layout, at)) === true
        ? now
        : await this.#fromHistory(plan, bytes, at);
    await fillFrom(plan, found, { keys, bytes, at }, answers);
  }

  /** Null for a pushed view to which nothing has been pushed. */
  #fromSet(plan: ReadPlan, bytes: readonly (Buffer | null)[]): Found | null {
    const { name } = plan.planned.view;
    const set = this.#sets.live(name);
    if (set === undefined) {
      if (plan.isPushed) return null;
      throw new FalajError('CONFLICT', `View "${name}" has not been materialized.`, {
        hint: `Fill the online store first: falaj features materialize ${name}, or --all`,
        details: { view: name },
      });
    }
    if (set.definition !== plan.definition) throw staleRows(name);
    return {
      layout: set.layout,
      records: bytes.map((key) => {
        const packed = key === null ? undefined : this.#sets.record(set, key);
        return packed === undefined ? null : unpackRecord(packed);
      }),
    };
  }

  async #fromHistory(plan: ReadPlan, bytes: readonly (Buffer | null)[], at: number): Promise<Found> {
    const history = await this.#features.history(plan.whole, { asKnown: 'row' });
    return foundInHistory(history, plan.whole, bytes, at);
  }
}

/** Whether the record can tell what held at that instant. */
const knows = (record: OnlineRecord, layout: ViewLayout, at: number): boolean =>
  rowAt(record, at, layout) !== undefined &&
  (layout.windowMicros === null || at - layout.windowMicros >= record.windowFloor);
