const GROUP_ROWS = 65_536;
const GROUP_VALUES = 8_388_608;
const VECTOR_ROWS = 2_048;

/**
 * Rows of every row group but the last: fewer where a table is wide, so that a group stays within some 64 MB. It depends on
 * the number of columns alone, since the content digest is made of row groups.
 */
export function groupRows(columns: number): number {
  const rows = Math.floor(GROUP_VALUES / Math.max(1, columns) / VECTOR_ROWS) * VECTOR_ROWS;
  return Math.max(VECTOR_ROWS, Math.min(GROUP_ROWS, rows));
}
