import type { TrainingSetFacts } from '../../../shared/contract/types.ts';
import type { FeatureDefinition, FeatureServiceDefinition } from '../../../shared/definitions/features.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { Table } from '../../../shared/table/column.ts';
import { parseInstant } from '../../../shared/units.ts';
import type { RecordingCatalogue } from '../definitions/recording-catalogue.ts';
import type { FeatureThreads } from '../join/compute/feature-threads.ts';
import { FeatureJoin, type JoinedPart, type JoinedSpine, type JoinedView } from '../join/join-features.ts';
import { type PlannedView, planJoin } from '../join/join-plan.ts';
import type { JoinedData } from '../join/joined-data.ts';
import type { SourceVersion } from '../join/known-source.ts';
import type { BuiltSet, SetFacts } from './describe-set.ts';
import { withoutFeatures } from './left-out.ts';
import { outputColumns } from './output-columns.ts';

export type SetQuery = TrainingSetFacts['query'];

/** What a query asks for, planned with the definitions that the catalogue hands out. */
export interface PlannedSet {
  readonly query: SetQuery;
  readonly catalogue: RecordingCatalogue;
  readonly views: readonly PlannedView[];
}

export interface StartRequest extends PlannedSet {
  readonly sourceOf: (planned: PlannedView) => SourceVersion;
  readonly threads: FeatureThreads;
  readonly signal: AbortSignal;
}

/** A set whose features can be made ready while its rows are still being read. */
export interface StartedSet {
  readonly planned: PlannedSet;
  readonly join: FeatureJoin;
}

export interface SetRows {
  readonly spine: Table;
  readonly source: TrainingSetFacts['spine']['source'];
}

export interface SpineRows extends SetRows {
  readonly onHistory?: JoinedSpine['onHistory'];
  readonly onProgress: (fraction: number) => void;
}

/** Looks up what a query names, and plans the views that it reads. */
export function planSet(query: SetQuery, catalogue: RecordingCatalogue): PlannedSet {
  if (query.training !== null) catalogue.take('Training', query.training);
  const views = planJoin(selectionsOf(query, catalogue), catalogue);
  return { query, catalogue, views: withoutFeatures(views, query.without ?? []) };
}

export interface FeatureSelection {
  readonly service?: string | null | undefined;
  /** `view:feature` or `view:*`; null asks for none. */
  readonly features?: readonly string[] | null | undefined;
}

/**
 * What a service, or a list of `view:feature`, selects.
 *
 * @throws BAD_INPUT when both or neither are named.
 */
export function selectionsOf(
  query: FeatureSelection,
  catalogue: RecordingCatalogue,
): FeatureServiceDefinition['features'] {
  const { service, features } = query;
  if (typeof service === 'string' && features !== undefined && features !== null) {
    throw new FalajError('BAD_INPUT', 'A service and features were both named.', {
      hint: 'Say either --service or --features.',
    });
  }
  if (typeof service === 'string') return catalogue.take('FeatureService', service).definition.features;
  if (features === null) return [];
  if (features !== undefined && features.length > 0) return [...features];
  throw new FalajError('BAD_INPUT', 'Neither a service nor features were named.', {
    hint: 'Say --service NAME, or --features view:feature,view:*.',
  });
}

/** What makes the features ready, by the recorded rules of the query. */
export function startSet(data: JoinedData, request: StartRequest): StartedSet {
  const { query, views, catalogue, sourceOf, threads, signal } = request;
  const join = new FeatureJoin(data, { views, asKnown: cutOff(query.asKnown), sourceOf, threads, signal });
  return { planned: { query, views, catalogue }, join };
}

/** Joins the features to every row. */
export async function buildSet({ planned, join }: StartedSet, request: SpineRows): Promise<BuiltSet> {
  const { query, views, catalogue } = planned;
  const { spine, source } = request;
  const facts = new Map<PlannedView, JoinedView>();
  const joined =
    views.length === 0
      ? []
      : await join.columns({
          spine,
          eventTime: query.eventTime ?? noTime(),
          onView: (view) => facts.set(view.planned, view),
          onHistory: request.onHistory,
          onProgress: request.onProgress,
        });
  return {
    query,
    source,
    spine,
    joined: outputColumns(joined, query.names, spine),
    views: views.map((view) => facts.get(view)!),
    definitions: catalogue.used,
  };
}

/** A set whose features are computed while it is written. */
export interface DraftSet {
  readonly spine: Table;
  /** Of all features, as they are called in the output. */
  readonly names: readonly string[];
  /** A feature's place among them. */
  placeOf(planned: PlannedView, feature: FeatureDefinition): number;
  /** How many features there are over windows, which are computed before they are written. */
  readonly windows: number;
  /** Hands the features over, each once, some at a time: see {@link FeatureJoin.parts}. */
  parts(onPart: (part: JoinedPart) => Promise<void>, onWindows: (columns: number) => void): Promise<void>;
  /** @param expiredRows per view, where there are any. */
  facts(expiredRows: ReadonlyMap<PlannedView, number>): SetFacts;
}

/** @throws CONFLICT where two columns would have one name. */
export function draftSet({ planned, join }: StartedSet, { spine, source }: SetRows): DraftSet {
  const { query, views, catalogue } = planned;
  const features = views.flatMap(({ alias, features }) =>
    features.map((feature) => ({ name: `${alias}__${feature.name}`, feature })),
  );
  const places = new Map<PlannedView, number>();
  let place = 0;
  for (const view of views) {
    places.set(view, place);
    place += view.features.length;
  }
  return {
    spine,
    names: outputColumns(features, query.names, spine).map(({ name }) => name),
    placeOf: (view, feature) => places.get(view)! + view.features.indexOf(feature),
    windows: features.filter(({ feature }) => feature.aggregate !== undefined).length,
    parts: async (onPart, onWindows) => {
      if (views.length > 0)
        await join.parts({ spine, eventTime: query.eventTime ?? noTime(), onWindows }, onPart);
    },
    facts: (expiredRows) => ({
      query,
      source,
      spine,
      views: views.map((view) => ({
        planned: view,
        source: join.sourceOf(view),
        expiredRows: expiredRows.get(view) ?? 0,
      })),
      definitions: catalogue.used,
    }),
  };
}

/** The cut-off of a query as a join takes it. */
export const cutOff = (asKnown: string | null): 'row' | number | null =>
  asKnown === null || asKnown === 'row' ? asKnown : instantKnown(asKnown);

/** Throws BAD_INPUT that says what may be written. */
export function instantKnown(asKnown: string): number {
  try {
    return parseInstant(asKnown);
  } catch (error) {
    throw new FalajError('BAD_INPUT', `"${asKnown}" is not a time.`, {
      hint: 'Write ISO-8601, such as 2026-01-31T12:00:00Z, or row for each row’s own time.',
      cause: error,
    });
  }
}

function noTime(): never {
  throw new FalajError('BAD_INPUT', 'Features are asked for as of a time, and no column of times was named.');
}
