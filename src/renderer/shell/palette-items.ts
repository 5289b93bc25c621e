/** One thing the palette can reach: an object's page or a command. */
export interface PaletteItem {
  readonly id: string;
  readonly group: 'commands' | 'rooms' | 'data' | 'models' | 'runs' | 'features' | 'jobs';
  readonly title: string;
  readonly detail: string;
  readonly keys?: readonly string[];
  readonly run: () => void;
}

export const PALETTE_LIMIT = 50;

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** 0 when a word of the query is missing; more for matches at the start of the title and of words. */
export function matchScore(item: PaletteItem, query: string): number {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  const title = fold(item.title);
  const all = `${title} ${fold(item.detail)}`;
  let score = 1;
  for (const word of words) {
    if (!all.includes(word)) return 0;
    if (title.startsWith(word)) score += 3;
    else if (title.split(/[\s._\-:/]+/).some((part) => part.startsWith(word))) score += 2;
    else if (title.includes(word)) score += 1;
  }
  return score;
}

/** The best matches, grouped in the order in which the groups' best match ranks. */
export function findItems(
  items: readonly PaletteItem[],
  query: string,
): ReadonlyMap<PaletteItem['group'], readonly PaletteItem[]> {
  const ranked = items
    .map((item, place) => ({ item, place, score: matchScore(item, query) }))
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score || left.place - right.place)
    .slice(0, PALETTE_LIMIT);
  const groups = new Map<PaletteItem['group'], PaletteItem[]>();
  for (const { item } of ranked) {
    const group = groups.get(item.group);
    if (group === undefined) groups.set(item.group, [item]);
    else group.push(item);
  }
  return groups;
}
