import { profileColumn } from '../../numerics/profile/index.ts';
import type { ColumnProfile } from '../../shared/contract/types.ts';
import type { ColumnSchema } from '../../shared/table/column.ts';
import { loadParts, type OpenPart } from './history/part-reader.ts';

/** Up to this many cells a profile takes less time than the rest of an import; more are described when first asked for. */
export const PROFILED_CELLS = 1_000_000;

/** Statistics of every column over the current rows, one column in memory at a time. */
export async function profileParts(
  parts: readonly OpenPart[],
  columns: readonly ColumnSchema[],
): Promise<ColumnProfile[]> {
  const profile: ColumnProfile[] = [];
  for (const column of columns) {
    const { table } = await loadParts(parts, { columns: [column] });
    profile.push(profileColumn(table.columns[0]!));
  }
  return profile;
}
