import { type CatalogueEntry, columnsOf, sourceText, tagsOf } from './catalogue-entry.ts';

/** What a word found in a name is worth, by how it lies there. */
const NAME = { whole: 100, start: 60, wordStart: 45, within: 30 } as const;
/** And elsewhere: the closer to the thing itself, the more. */
const WEIGHTS = { parent: 14, shortText: 12, columns: 10, viewColumns: 8, description: 6 } as const;

interface Texts {
  readonly name: string;
  /** Of the entry itself; a feature is listed when one of the words is in its name or here. */
  readonly columns: string;
  readonly parent: string;
  readonly shortTexts: string;
  readonly description: string;
}

/** Letters without case and accents, so that `Ḥajj` is found by `hajj`. */
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** The words of a search; `view:feature` counts as two. */
export const searchWords = (search: string): string[] =>
  plain(search)
    .split(/[\s:,]+/)
    .filter((word) => word !== '');

/** A search over entries whose texts are prepared once, so that each keystroke only compares. */
export class CatalogueSearch {
  readonly #entries: readonly { readonly entry: CatalogueEntry; readonly texts: Texts }[];

  constructor(entries: readonly CatalogueEntry[]) {
    this.#entries = entries.map((entry) => ({ entry, texts: textsOf(entry) }));
  }

  /** Entries in which every word is found, the best first; all views, in their order, when nothing is searched for. */
  find(search: string): CatalogueEntry[] {
    const words = searchWords(search);
    if (words.length === 0)
      return this.#entries.flatMap(({ entry }) => (entry.feature === null ? [entry] : []));
    return this.#entries
      .map(({ entry, texts }) => ({ entry, score: scoreOf(entry, texts, words) }))
      .filter(({ score }) => score > 0)
      .sort(
        (a, b) => b.score - a.score || viewsFirst(a.entry, b.entry) || a.entry.id.localeCompare(b.entry.id),
      )
      .map(({ entry }) => entry);
  }
}

const viewsFirst = (a: CatalogueEntry, b: CatalogueEntry): number =>
  Number(a.feature !== null) - Number(b.feature !== null);

function textsOf(entry: CatalogueEntry): Texts {
  const { view, feature } = entry;
  const { definition, usedBy } = view;
  const shared = {
    shortTexts: plain(
      [
        ...definition.entities,
        ...definition.labels,
        ...tagsOf(view),
        ...usedBy,
        definition.owner ?? '',
        sourceText(view),
      ].join('\n'),
    ),
    description: plain(definition.description ?? ''),
  };
  if (feature === null) {
    const columns = plain(definition.features.map(columnsOf).join('\n'));
    return { ...shared, name: plain(definition.name), columns, parent: '' };
  }
  const columns = plain(columnsOf(feature));
  return { ...shared, name: plain(feature.name), columns, parent: plain(definition.name) };
}

/** 0 unless every word is found. A feature needs one word that is about itself, or all of a view would answer for it. */
function scoreOf({ feature }: CatalogueEntry, texts: Texts, words: readonly string[]): number {
  const columnsWeight = feature === null ? WEIGHTS.viewColumns : WEIGHTS.columns;
  let total = 0;
  let ownWords = 0;
  for (const word of words) {
    const own = Math.max(nameScore(texts.name, word), texts.columns.includes(word) ? columnsWeight : 0);
    if (own > 0) ownWords++;
    const score = Math.max(
      own,
      texts.parent.includes(word) ? WEIGHTS.parent : 0,
      texts.shortTexts.includes(word) ? WEIGHTS.shortText : 0,
      texts.description.includes(word) ? WEIGHTS.description : 0,
    );
    if (score === 0) return 0;
    total += score;
  }
  return feature !== null && ownWords === 0 ? 0 : total;
}

function nameScore(name: string, word: string): number {
  if (name === word) return NAME.whole;
  const at = name.indexOf(word);
  if (at === 0) return NAME.start;
  if (at < 0) return 0;
  return new RegExp(`[^\\p{L}\\p{N}]${escaped(word)}`, 'u').test(name) ? NAME.wordStart : NAME.within;
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
