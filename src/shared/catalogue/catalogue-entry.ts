import type { FeatureViewInfo } from '../contract/types.ts';
import type { FeatureDefinition } from '../definitions/features.ts';
import { sourceName } from '../definitions/view-source.ts';

/** What the catalogue lists: a view, or one of its features. */
export interface CatalogueEntry {
  /** `view`, or `view:feature`. */
  readonly id: string;
  readonly view: FeatureViewInfo;
  /** Null for the view itself. */
  readonly feature: FeatureDefinition | null;
}

/** Every view, each followed by its features. */
export const catalogueEntries = (views: readonly FeatureViewInfo[]): CatalogueEntry[] =>
  views.flatMap((view) => [
    { id: view.definition.name, view, feature: null },
    ...view.definition.features.map((feature) => ({
      id: `${view.definition.name}:${feature.name}`,
      view,
      feature,
    })),
  ]);

export type SourceKind = 'dataset' | 'view' | 'push' | 'request';

export function sourceKind({ definition: { source } }: FeatureViewInfo): SourceKind {
  if (source.push === true) return 'push';
  if (source.request !== undefined) return 'request';
  return source.view === undefined ? 'dataset' : 'view';
}

/** The columns and SQL that a feature is made of. */
export const columnsOf = ({ name, column, aggregate, expression }: FeatureDefinition): string =>
  [aggregate?.of ?? column ?? name, expression ?? ''].join(' ');

/** A view's tags as a person writes them: `key=value`. */
export const tagsOf = ({ definition }: FeatureViewInfo): string[] =>
  Object.entries(definition.tags).map(([key, value]) => `${key}=${value}`);

/** The dataset or view that a view reads; empty for pushed rows and requests. */
export const sourceText = ({ definition }: FeatureViewInfo): string => sourceName(definition.source) ?? '';
