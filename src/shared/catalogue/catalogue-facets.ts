import type { FeatureViewInfo } from '../contract/types.ts';
import { type CatalogueEntry, sourceKind, tagsOf } from './catalogue-entry.ts';

export const FACETS = ['entity', 'owner', 'tag', 'label', 'source', 'online', 'used', 'fresh'] as const;
export type Facet = (typeof FACETS)[number];

/** Values chosen per facet: any of them within one facet, all facets together. */
export type FacetSelection = Readonly<Partial<Record<Facet, readonly string[]>>>;

export interface FacetValue {
  readonly value: string;
  /** Views that remain when this value is chosen beside what is chosen in the other facets. */
  readonly views: number;
  readonly chosen: boolean;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long ago the newest rows of a view's dataset were imported, in the facet's steps. */
function freshness({ rowsImportedAt }: FeatureViewInfo, nowMs: number): string {
  if (rowsImportedAt === null) return 'unknown';
  const age = nowMs - Date.parse(rowsImportedAt);
  if (age <= DAY_MS) return 'day';
  if (age <= 7 * DAY_MS) return 'week';
  return age <= 30 * DAY_MS ? 'month' : 'older';
}

function valuesOf(view: FeatureViewInfo, facet: Facet, nowMs: number): readonly string[] {
  const { definition, usedBy } = view;
  switch (facet) {
    case 'entity':
      return definition.entities;
    case 'owner':
      return definition.owner === undefined ? [] : [definition.owner];
    case 'tag':
      return tagsOf(view);
    case 'label':
      return definition.labels;
    case 'source':
      return [sourceKind(view)];
    case 'online':
      return [definition.online || definition.source.push === true ? 'yes' : 'no'];
    case 'used':
      return [usedBy.length > 0 ? 'yes' : 'no'];
    case 'fresh':
      return [freshness(view, nowMs)];
  }
}

const allows = (view: FeatureViewInfo, facet: Facet, selection: FacetSelection, nowMs: number): boolean => {
  const chosen = selection[facet] ?? [];
  return chosen.length === 0 || valuesOf(view, facet, nowMs).some((value) => chosen.includes(value));
};

/** The entries whose view has, in every facet, one of the chosen values. */
export const chosenEntries = (
  entries: readonly CatalogueEntry[],
  selection: FacetSelection,
  nowMs: number,
): CatalogueEntry[] =>
  entries.filter(({ view }) => FACETS.every((facet) => allows(view, facet, selection, nowMs)));

/** Every value that a view has, counted over the entries that the search and the other facets leave. */
export function facetValues(
  facet: Facet,
  found: readonly CatalogueEntry[],
  selection: FacetSelection,
  from: { readonly views: readonly FeatureViewInfo[]; readonly nowMs: number },
): FacetValue[] {
  const counts = new Map<string, number>();
  for (const view of from.views) for (const value of valuesOf(view, facet, from.nowMs)) counts.set(value, 0);
  const others = FACETS.filter((other) => other !== facet);
  for (const view of new Set(found.map((entry) => entry.view))) {
    if (!others.every((other) => allows(view, other, selection, from.nowMs))) continue;
    for (const value of valuesOf(view, facet, from.nowMs)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const chosen = selection[facet] ?? [];
  // A chosen value stays in sight even when no view has it any more, or it could not be let go.
  for (const value of chosen) if (!counts.has(value)) counts.set(value, 0);
  return [...counts]
    .map(([value, views]) => ({ value, views, chosen: chosen.includes(value) }))
    .sort((a, b) => a.value.localeCompare(b.value));
}
