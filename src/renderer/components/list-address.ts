import { useLocation, useSearch } from 'wouter';
import { FACETS } from '../../shared/catalogue/catalogue-facets.ts';

const OWN = ['filter', 'state', 'experiment', 'trials', 'order'] as const;
export type ListParameter = (typeof OWN)[number];

/** What lists are narrowed and ordered by. It stands in the address, outlives a reload, and is found again by Back. */
const PARAMETERS: readonly string[] = ['q', ...FACETS, ...OWN];

/** An address in the same room, with what its list is narrowed by now; what the address says itself stays as it is. */
export function withList(href: string, search: string): string {
  const said = new URLSearchParams(href.split('?')[1]);
  const kept = [...new URLSearchParams(search)].filter(
    ([name]) => PARAMETERS.includes(name) && !said.has(name),
  );
  if (kept.length === 0) return href;
  return `${href}${said.size === 0 ? '?' : '&'}${new URLSearchParams(kept).toString()}`;
}

export interface ListAddress {
  readonly get: (parameter: ListParameter) => string | null;
  /** Null takes a parameter away. It replaces the address, so that Back leads to the page before and not to each letter. */
  readonly set: (changes: Readonly<Partial<Record<ListParameter, string | null>>>) => void;
  /** An address in the same room that leaves the list as it is. */
  readonly within: (href: string) => string;
  /** The field over the list. */
  readonly filter: { readonly value: string; readonly onChange: (value: string) => void };
}

export function useListAddress(): ListAddress {
  const [location, navigate] = useLocation();
  const search = useSearch();
  const asked = new URLSearchParams(search);
  const set: ListAddress['set'] = (changes) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === '') next.delete(name);
      else next.set(name, value);
    }
    navigate(next.size === 0 ? location : `${location}?${next.toString()}`, { replace: true });
  };
  return {
    get: (parameter) => asked.get(parameter),
    set,
    within: (href) => withList(href, search),
    filter: { value: asked.get('filter') ?? '', onChange: (filter) => set({ filter }) },
  };
}
