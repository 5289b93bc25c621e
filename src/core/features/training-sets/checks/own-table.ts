import type { Table } from '../../../../shared/table/column.ts';
import type { JoinedHistory } from '../../join/join-features.ts';

/**
 * Whether the rows may come from the very dataset that a view reads: all they carry besides a time and a label is found
 * there, or is a key under the service's name for it. That they are its rows is shown by their times.
 */
export function isOwnTable(
  { planned, source }: Pick<JoinedHistory, 'planned' | 'source'>,
  {
    spine,
    eventTime,
    label,
  }: { readonly spine: Table; readonly eventTime: string; readonly label: string | null },
): boolean {
  const known = new Set([
    ...source.dataset.columns.map(({ name }) => name),
    ...planned.keys.map((key) => key.spine),
  ]);
  return spine.columns.every(({ name }) => name === eventTime || name === label || known.has(name));
}
