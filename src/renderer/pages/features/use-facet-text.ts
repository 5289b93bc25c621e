import type { ParseKeys } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Facet } from '../../../shared/catalogue/catalogue-facets.ts';

/** Facets whose values are ours and have words; those of the others are what people wrote. */
const WORDED: ReadonlySet<Facet> = new Set(['source', 'online', 'used', 'fresh']);

/** A facet's value as people read it. */
export function useFacetText(): (facet: Facet, value: string) => string {
  const { t, i18n } = useTranslation();
  return (facet, value) => {
    const key = `features.facetValues.${facet}.${value}`;
    // An address may hold a value that does not exist.
    return WORDED.has(facet) && i18n.exists(key) ? t(key as ParseKeys) : value;
  };
}
