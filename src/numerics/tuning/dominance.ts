/** Losses of one trial, one per objective: smaller is better. */
export type Losses = readonly number[];

/** Whether one is as good in every objective and better in at least one. */
export const dominates = (one: Losses, other: Losses): boolean =>
  one.every((loss, at) => loss <= other[at]!) && one.some((loss, at) => loss < other[at]!);

/**
 * The places of what no other dominates, in ascending order; equals are all kept. Places with a loss that is no number never are.
 *
 * @param among the places that are looked at; all unless said.
 */
export function paretoPlaces(
  losses: readonly Losses[],
  among: readonly number[] = [...losses.keys()],
): number[] {
  // In this order nothing is dominated by what comes after it.
  const ordered = among
    .filter((place) => isMeasured(losses[place]!))
    .sort((a, b) => lexicographic(losses[a]!, losses[b]!) || a - b);
  const front: number[] = [];
  for (const place of ordered)
    if (!front.some((other) => dominates(losses[other]!, losses[place]!))) front.push(place);
  return front.sort((a, b) => a - b);
}

/**
 * Places by non-domination rank, front after front, until there are at least so many (K. Deb et al., A Fast and Elitist
 * Multiobjective Genetic Algorithm: NSGA-II, 2002, section III.A). Places without all losses are in none.
 */
export function leadingFronts(losses: readonly Losses[], least: number): number[][] {
  const fronts: number[][] = [];
  let left = [...losses.keys()].filter((place) => isMeasured(losses[place]!));
  for (let found = 0; found < least && left.length > 0; ) {
    const front = paretoPlaces(losses, left);
    const taken = new Set(front);
    fronts.push(front);
    found += front.length;
    left = left.filter((place) => !taken.has(place));
  }
  return fronts;
}

/** Whether every objective has a number. */
export const isMeasured = (losses: Losses): boolean => !losses.some(Number.isNaN);

const lexicographic = (one: Losses, other: Losses): number => {
  const at = one.findIndex((loss, index) => loss !== other[index]);
  return at === -1 ? 0 : one[at]! < other[at]! ? -1 : 1;
};
