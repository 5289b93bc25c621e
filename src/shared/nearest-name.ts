import { distance } from 'fastest-levenshtein';

/** The known name that a person most likely meant, or null when none is close. */
export function nearestName(asked: string, known: readonly string[]): string | null {
  const wanted = asked.toLowerCase();
  const ranked = known
    .map((name) => ({ name, steps: distance(wanted, name.toLowerCase()) }))
    .filter(({ name, steps }) => steps <= mostSteps(asked) && steps < Math.max(asked.length, name.length));
  // Of equally near ones that which begins alike: people end a name wrongly more often than they begin it so.
  const [nearest] = ranked.sort(
    (a, b) => a.steps - b.steps || beginsAlike(wanted, b.name) - beginsAlike(wanted, a.name),
  );
  return nearest?.name ?? null;
}

/** Two letters of three make another name. */
const mostSteps = ({ length }: string): number => (length < 4 ? 1 : Math.max(2, length / 3));

/** How many letters two names have in common at their beginning. */
function beginsAlike(wanted: string, name: string): number {
  const other = name.toLowerCase();
  let length = 0;
  while (length < wanted.length && wanted[length] === other[length]) length++;
  return length;
}

/** A hint for a name that is not known: the one probably meant, or what to do to find it. */
export function nearestHint(asked: string, known: readonly string[], otherwise: string): string {
  const nearest = nearestName(asked, known);
  return nearest === null ? otherwise : `Did you mean "${nearest}"?`;
}
