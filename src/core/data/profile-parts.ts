import { profileColumn } from '../../numerics/profile/index.ts';
import type { ColumnProfile } from '../../shared/contract/types.ts';
import type { ColumnSchema } from '../../shared/table/column.ts';
import { loadParts, type OpenPart } from './history/part-reader.ts';

/** Up to this many cells a profile takes less time than the rest of an import; more are described when first asked for. */
export const PROFILED_CELLS = 1_000_000;

/** Statistics of every column over the current rows: one long column in memory at a time, or several short ones. */
export async function profileParts(
  parts: readonly OpenPart[],
  columns: readonly ColumnSchema[],
): Promise<ColumnProfile[]> {
  const rows = parts.reduce((sum, { part }) => sum + part.rows, 0);
  // A blob is opened once for each time it is read: columns of a few rows are read together.
  const together = Math.max(1, Math.floor(PROFILED_CELLS / Math.max(1, rows)));
  const profile: ColumnProfile[] = [];
  for (let first = 0; first < columns.length; first += together) {
    const { table } = await loadParts(parts, { columns: columns.slice(first, first + together) });
    profile.push(...table.columns.map(profileColumn));
  }
  return profile;
}
