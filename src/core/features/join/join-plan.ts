import { isDeepStrictEqual } from 'node:util';
import type {
  EntityDefinition,
  FeatureDefinition,
  FeatureServiceDefinition,
  FeatureViewDefinition,
} from '../../../shared/definitions/features.ts';
import { parseFeatureReference, parseViewReference } from '../../../shared/definitions/view-reference.ts';
import { FalajError } from '../../../shared/errors.ts';
import { nearestName } from '../../../shared/nearest-name.ts';
import type { ColumnType } from '../../../shared/table/column.ts';
import { joinedView } from './joined-view.ts';

/** One view as a request uses it: under a name, for some of its features, with the spine's names for its keys. */
export interface PlannedView {
  /** Prefix of the output columns: `alias__feature`. */
  readonly alias: string;
  /** How the request names the view: its name, or name@version. */
  readonly reference: string;
  readonly view: FeatureViewDefinition;
  readonly features: readonly FeatureDefinition[];
  /** Per key column of the view's entities: its type, and its column in the view's source and in the spine. */
  readonly keys: readonly PlannedKey[];
  /** The view whose rows this one reads, with all that can be read of it; null when it reads a dataset. */
  readonly base: PlannedView | null;
  /** What a view without a history is computed from besides its keys; null for a view with one. */
  readonly request: readonly RequestColumn[] | null;
}

/** A key column, with its names in the view's source and in the spine. */
export type PlannedKey = RequestColumn & { readonly source: string };

/** A column that comes with the spine, under the spine's name for it. */
export interface RequestColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly spine: string;
}

export interface Catalogue {
  /** By name, or `name@version`. */
  view(reference: string): FeatureViewDefinition;
  entity(name: string): EntityDefinition;
}

type Selections = FeatureServiceDefinition['features'];

/** What a service, or a list of `view:feature`, asks for: one planned view per alias, features in the order asked for. */
export function planJoin(selections: Selections, catalogue: Catalogue): PlannedView[] {
  const planned = new Map<string, PlannedView>();
  for (const selection of selections) {
    const one =
      typeof selection === 'string' ? planText(selection, catalogue) : planObject(selection, catalogue);
    const before = planned.get(one.alias);
    planned.set(one.alias, before === undefined ? one : merge(before, one));
  }
  return [...planned.values()];
}

function planText(selection: string, catalogue: Catalogue): PlannedView {
  const { view: reference, feature } = parseFeatureReference(selection);
  const { name } = parseViewReference(reference);
  return planView({ reference, alias: name, keys: {} }, feature === '*' ? undefined : [feature], catalogue);
}

function planObject(selection: Exclude<Selections[number], string>, catalogue: Catalogue): PlannedView {
  const { view: reference, keys, as, features } = selection;
  const alias = as ?? parseViewReference(reference).name;
  return planView({ reference, alias, keys }, features, catalogue);
}

/** A view as a selection names it, under an alias and with the spine's names for its keys. */
interface SelectedView {
  readonly reference: string;
  readonly alias: string;
  readonly keys: Readonly<Record<string, string>>;
}

function planView(
  { reference, alias, keys: spineKeys }: SelectedView,
  featureNames: readonly string[] | undefined,
  catalogue: Catalogue,
): PlannedView {
  const view = joinedView(catalogue.view(reference));
  const keys = view.entities.flatMap((entity) => catalogue.entity(entity).keys);
  const inSpine = (name: string): string => spineKeys[name] ?? name;
  const { source } = view;
  return {
    alias,
    reference,
    view,
    features: featureNames === undefined ? view.features : featureNames.map((name) => featureOf(view, name)),
    keys: keys.map(({ name, type }) => ({
      name,
      type,
      source: source.keys[name] ?? name,
      spine: inSpine(name),
    })),
    base: source.view === undefined ? null : planWhole(source.view, catalogue),
    request: source.request?.map(({ name, type }) => ({ name, type, spine: inSpine(name) })) ?? null,
  };
}

function planWhole(name: string, catalogue: Catalogue): PlannedView {
  return planView({ reference: name, alias: name, keys: {} }, undefined, catalogue);
}

function featureOf(view: FeatureViewDefinition, name: string): FeatureDefinition {
  const feature = view.features.find((candidate) => candidate.name === name);
  if (feature !== undefined) return feature;
  const nearest = nearestName(
    name,
    view.features.map((candidate) => candidate.name),
  );
  throw new FalajError('NOT_FOUND', `View "${view.name}" has no feature "${name}".`, {
    hint: nearest === null ? `falaj features show ${view.name} lists them.` : `Did you mean "${nearest}"?`,
  });
}

function merge(before: PlannedView, more: PlannedView): PlannedView {
  const { view, keys, request } = before;
  if (!isDeepStrictEqual([view, keys, request], [more.view, more.keys, more.request])) {
    throw new FalajError(
      'BAD_DEFINITION',
      `The name "${before.alias}" stands for two different things in one request.`,
      {
        hint: 'Give each view its own name with `as`.',
      },
    );
  }
  const added = more.features.filter((feature) => !before.features.some(({ name }) => name === feature.name));
  return { ...before, features: [...before.features, ...added] };
}
