import { countKeys, groupByKey, type KeyRuns } from '../../../../numerics/windows/index.ts';
import { shared } from '../compute/shared-memory.ts';

/** Rows by their key, in memory that threads share. */
export function rowsByKey(ids: Uint32Array, keys = countKeys(ids)): KeyRuns {
  const all = new Uint32Array(ids.length);
  for (let row = 0; row < all.length; row++) all[row] = row;
  const { starts, rows } = groupByKey(ids, all, keys);
  return { starts: shared(starts), rows: shared(rows) };
}
