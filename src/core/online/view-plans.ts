import { FalajError } from '../../shared/errors.ts';
import type { ColumnSchema } from '../../shared/table/column.ts';
import { parseDuration } from '../../shared/units.ts';
import type { FeatureRoom, FeatureSelection, PlannedView } from '../features/index.ts';
import type { ReadLogPlan } from './read-log/read-log-plan.ts';
import { definitionDigest } from './view-layout.ts';

/** One view with all its features, as online rows hold it. */
export interface ViewPlan {
  readonly whole: PlannedView;
  readonly definition: string;
  /** Whether rows are pushed to this very view. */
  readonly isPushed: boolean;
  /** What such rows hold; empty for other views. */
  readonly pushedColumns: readonly ColumnSchema[];
  /** Where its rows come from in the end: the view that rows are pushed to, or the dataset. Null for none. */
  readonly source: { readonly name: string; readonly pushed: boolean } | null;
}

/** One view of a request. */
export interface ReadPlan extends ViewPlan {
  readonly planned: PlannedView;
  readonly ttlMicros: number | null;
}

/** What it takes to answer from rows that are found. */
export type AnswerPlan = Pick<ReadPlan, 'planned' | 'ttlMicros'>;

export interface RequestPlan {
  readonly views: readonly ReadPlan[];
  /** The key columns that the request must bring, under the request's own names. */
  readonly keys: readonly ColumnSchema[];
  /** How its answers are kept; null when they are not. */
  readonly log: ReadLogPlan | null;
}

const KEPT_PLANS = 200;

/** Plans out of definitions, each made once until definitions change. */
export class ViewPlans {
  readonly #features: FeatureRoom;
  #revision = -1;
  readonly #views = new Map<string, ViewPlan>();
  readonly #requests = new Map<string, RequestPlan>();

  constructor(features: FeatureRoom) {
    this.#features = features;
  }

  view(name: string): ViewPlan {
    this.#refresh();
    return kept(this.#views, name, () => {
      const [whole] = this.#features.planned({ features: [`${name}:*`] });
      const { definition } = this.#features.view({ name });
      return {
        whole: whole!,
        definition: definitionDigest(whole!),
        isPushed: definition.source.push === true,
        pushedColumns: definition.source.push === true ? this.#features.pushedColumns(name) : [],
        source: whole!.request === null ? rootOf(whole!) : null,
      };
    });
  }

  request(selection: FeatureSelection): RequestPlan {
    this.#refresh();
    const { service, features } = selection;
    return kept(this.#requests, JSON.stringify([service, features]), () => {
      const recorded = this.#features.recorded(selection);
      const views = recorded.views.map((planned) => ({
        ...this.view(planned.view.name),
        planned,
        ttlMicros: planned.view.ttl === undefined ? null : parseDuration(planned.view.ttl),
      }));
      const keys = keyColumns(recorded.views);
      return { views, keys, log: this.#log(service, recorded, keys) };
    });
  }

  #log(
    service: string | null | undefined,
    { views, definitions }: ReturnType<FeatureRoom['recorded']>,
    keys: readonly ColumnSchema[],
  ): ReadLogPlan | null {
    const log =
      typeof service === 'string' ? this.#features.service({ name: service }).definition.log : undefined;
    if (typeof service !== 'string' || log === undefined) return null;
    return {
      service,
      sample: log.sample,
      retentionMicros: parseDuration(log.retention),
      layout: { keys: [...keys], features: featureNames(views), definitions: [...definitions] },
    };
  }

  #refresh(): void {
    if (this.#revision === this.#features.revision) return;
    this.#revision = this.#features.revision;
    this.#views.clear();
    this.#requests.clear();
  }
}

/** The features of an answer, as it names them. */
export const featureNames = (views: readonly PlannedView[]): string[] =>
  views.flatMap(({ alias, features }) => features.map(({ name }) => `${alias}__${name}`));

/** For a view that is computed from what comes with a request. */
export const noRows = (view: string): FalajError =>
  new FalajError('CONFLICT', `View "${view}" is computed from each request and has no rows to keep.`, {
    hint: `Ask for it right away: falaj features online --features ${view}:*`,
    details: { view },
  });

/** The dataset, or the view that rows are pushed to, from which a view's rows come in the end. */
export function rootOf(planned: PlannedView): { name: string; pushed: boolean } {
  if (planned.base !== null) return rootOf(planned.base);
  const { name, source } = planned.view;
  return source.push === true ? { name, pushed: true } : { name: source.dataset!, pushed: false };
}

function kept<Value>(plans: Map<string, Value>, id: string, make: () => Value): Value {
  const known = plans.get(id);
  if (known !== undefined) return known;
  const made = make();
  // Requests that are all different must not fill the memory.
  if (plans.size >= KEPT_PLANS) plans.clear();
  plans.set(id, made);
  return made;
}

function keyColumns(views: readonly PlannedView[]): ColumnSchema[] {
  const columns = new Map<string, ColumnSchema>();
  for (const { view, keys, request } of views) {
    for (const { spine, type } of [...keys, ...(request ?? [])]) {
      const before = columns.get(spine);
      if (before !== undefined && before.type !== type) {
        throw new FalajError(
          'TYPE_MISMATCH',
          `The key "${spine}" is ${type} for view "${view.name}" but ${before.type} for another one.`,
          { hint: 'Map one of them to a key of another name in the service.', details: { key: spine } },
        );
      }
      columns.set(spine, { name: spine, type });
    }
  }
  return [...columns.values()];
}
