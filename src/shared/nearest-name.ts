import { closest, distance } from 'fastest-levenshtein';

/** The known name that a person most likely meant, or null when none is close. */
export function nearestName(asked: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const nearest = closest(
    asked.toLowerCase(),
    known.map((name) => name.toLowerCase()),
  );
  const found = known.find((name) => name.toLowerCase() === nearest) ?? null;
  return found !== null && distance(asked.toLowerCase(), nearest) <= Math.max(2, asked.length / 3)
    ? found
    : null;
}

/** A hint for a name that is not known: the one probably meant, or what to do to find it. */
export function nearestHint(asked: string, known: readonly string[], otherwise: string): string {
  const nearest = nearestName(asked, known);
  return nearest === null ? otherwise : `Did you mean "${nearest}"?`;
}
