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
