import type { AuditEntry } from '../../../shared/contract/types.ts';

/**
 * What is known of the log together with its newest page, newest first. The log only grows, so what is known stays true;
 * where the page does not reach down to it, entries between are missing and the page stands alone.
 */
export function withNewest(
  known: readonly AuditEntry[],
  newest: readonly AuditEntry[],
): readonly AuditEntry[] {
  const top = known[0]?.sequence ?? -1;
  const fresh = newest.filter(({ sequence }) => sequence > top);
  if (fresh.length === 0) return known;
  return fresh.length === newest.length ? newest : [...fresh, ...known];
}

/** What is known with an older page below it. */
export function withOlder(known: readonly AuditEntry[], older: readonly AuditEntry[]): readonly AuditEntry[] {
  const bottom = known.at(-1)?.sequence ?? Number.POSITIVE_INFINITY;
  return [...known, ...older.filter(({ sequence }) => sequence < bottom)];
}
