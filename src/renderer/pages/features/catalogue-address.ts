import { FACETS, type Facet, type FacetSelection } from '../../../shared/catalogue/catalogue-facets.ts';
import { shellWord } from '../../components/shell-word.ts';

/** What the catalogue is narrowed by: all of it stands in the address. */
export interface CatalogueQuestion {
  readonly search: string;
  readonly selection: FacetSelection;
}

export function readQuestion(query: string): CatalogueQuestion {
  const parameters = new URLSearchParams(query);
  return {
    search: parameters.get('q') ?? '',
    selection: Object.fromEntries(
      FACETS.map((facet) => [facet, parameters.getAll(facet)] as const).filter(
        ([, values]) => values.length > 0,
      ),
    ),
  };
}

/** `?q=delay&entity=airport`, or nothing. `more` goes last. */
export function questionText(
  { search, selection }: CatalogueQuestion,
  more: Readonly<Record<string, string>> = {},
): string {
  const parameters = new URLSearchParams([
    ...(search === '' ? [] : [['q', search]]),
    ...chosenValues(selection).map(({ facet, value }) => [facet, value]),
    ...Object.entries(more),
  ]);
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}

export const chosenValues = (selection: FacetSelection): { facet: Facet; value: string }[] =>
  FACETS.flatMap((facet) => (selection[facet] ?? []).map((value) => ({ facet, value })));

export const isNarrowed = ({ search, selection }: CatalogueQuestion): boolean =>
  search.trim() !== '' || chosenValues(selection).length > 0;

/** Chooses the value, or lets it go. */
export function toggled(question: CatalogueQuestion, facet: Facet, value: string): CatalogueQuestion {
  const before = question.selection[facet] ?? [];
  const after = before.includes(value) ? before.filter((other) => other !== value) : [...before, value];
  return { ...question, selection: { ...question.selection, [facet]: after } };
}

/** The command that lists the same. */
export function catalogueCommand({ search, selection }: CatalogueQuestion): string {
  return [
    'falaj features ls',
    ...(search.trim() === '' ? [] : ['--search', shellWord(search.trim())]),
    ...chosenValues(selection).flatMap(({ facet, value }) => {
      if (facet !== 'online' && facet !== 'used') return [`--${facet}`, shellWord(value)];
      // Both answers together are no choice.
      return selection[facet]!.length > 1 ? [] : [value === 'yes' ? `--${facet}` : `--no-${facet}`];
    }),
  ].join(' ');
}
