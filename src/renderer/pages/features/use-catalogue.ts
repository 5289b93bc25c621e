import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { type CatalogueEntry, catalogueEntries } from '../../../shared/catalogue/catalogue-entry.ts';
import {
  chosenEntries,
  FACETS,
  type Facet,
  type FacetValue,
  facetValues,
} from '../../../shared/catalogue/catalogue-facets.ts';
import { CatalogueSearch } from '../../../shared/catalogue/catalogue-search.ts';
import type { FeatureViewInfo } from '../../../shared/contract/types.ts';
import { type CatalogueQuestion, questionText, readQuestion, toggled } from './catalogue-address.ts';

export interface Catalogue {
  readonly question: CatalogueQuestion;
  readonly entries: readonly CatalogueEntry[];
  readonly facets: readonly { readonly facet: Facet; readonly values: readonly FacetValue[] }[];
  /** Typing replaces the address, so that Back leads to the page before and not to each letter. */
  readonly setSearch: (search: string) => void;
  readonly toggle: (facet: Facet, value: string) => void;
  readonly clear: () => void;
}

const NO_VIEWS: readonly FeatureViewInfo[] = [];

/** The views and features that the address asks for, and what else could be asked. */
export function useCatalogue(views: readonly FeatureViewInfo[] = NO_VIEWS): Catalogue {
  const [location, navigate] = useLocation();
  const query = useSearch();
  const question = useMemo(() => readQuestion(query), [query]);
  const search = useMemo(() => new CatalogueSearch(catalogueEntries(views)), [views]);
  const found = useMemo(() => search.find(question.search), [search, question.search]);
  const { entries, facets } = useMemo(() => {
    const nowMs = Date.now();
    return {
      entries: chosenEntries(found, question.selection, nowMs),
      facets: FACETS.map((facet) => ({
        facet,
        values: facetValues(facet, found, question.selection, { views, nowMs }),
      })),
    };
  }, [found, question.selection, views]);
  const ask = (next: CatalogueQuestion, replace: boolean): void =>
    navigate(`${location}${questionText(next)}`, { replace });
  return {
    question,
    entries,
    facets,
    setSearch: (text) => ask({ ...question, search: text }, true),
    toggle: (facet, value) => ask(toggled(question, facet, value), false),
    clear: () => ask({ search: '', selection: {} }, false),
  };
}
