import type { Store } from '../../store/index.ts';
import type { SqlPart } from './compile-search.ts';
import { parseOrdering } from './parse-filter.ts';

/** The best runs that are looked through: so many for each that is wanted, as a filter leaves some of them out, */
const LOOKED_THROUGH_PER_RUN = 20;
/** and so many more. */
const LOOKED_THROUGH_BESIDES = 500;

/**
 * A condition that leaves only the runs with the best values of the metric that an order begins with, found through the
 * index of values; `null` when the order begins with something else or has too few values. Equal values stay or go
 * together, so a search that finds all it wants under this condition finds what it would find without it. One that finds
 * fewer must be made again without it.
 *
 * @param wanted how many runs of the order are wanted from its begin: offset and limit together
 * @param runId SQL of the run's id in the search
 */
export function bestByLeadingMetric(
  store: Store,
  orderBy: readonly string[],
  wanted: number,
  runId: string,
): SqlPart | null {
  if (orderBy[0] === undefined) return null;
  const { entity, name, descending } = parseOrdering(orderBy[0]);
  if (entity !== 'metric') return null;
  const last = store
    .statement<{ value: number }>(
      `SELECT latest_value AS value FROM tracking_series WHERE metric = ? AND latest_value IS NOT NULL
       ORDER BY latest_value ${descending ? 'DESC' : 'ASC'} LIMIT 1 OFFSET ?`,
    )
    .get(name, wanted * LOOKED_THROUGH_PER_RUN + LOOKED_THROUGH_BESIDES);
  if (last === undefined) return null;
  return {
    sql: `${runId} IN (SELECT run_id FROM tracking_series WHERE metric = ? AND latest_value ${descending ? '>=' : '<='} ?)`,
    values: [name, last.value],
  };
}
