import { findColumn, type Table } from '../../../shared/table/column.ts';
import { takeRows } from '../../data/index.ts';
import type { PlannedView } from './join-plan.ts';
import type { JoinedData } from './joined-data.ts';
import { SourceTables } from './source-tables.ts';
import { loadHistory } from './view-history.ts';

/** The entities and times of a view's newest rows, as a spine; null for a view without a history. */
export async function newestEntities(
  data: JoinedData,
  view: PlannedView,
  limit: number,
): Promise<{ spine: Table; eventTime: string; totalRows: number } | null> {
  if (view.request !== null) return null;
  const planned = { ...view, features: [] };
  const history = await loadHistory(new SourceTables(data, [planned]), planned);
  const newest = newestRows(history.event, limit);
  const taken = takeRows(history.table, newest);
  const keys = planned.keys.map(({ source, spine }) => ({ ...findColumn(taken, source)!, name: spine }));
  let { eventTime } = history;
  // a key may have the same name, or be the time itself
  while (keys.some(({ name }) => name === eventTime)) eventTime += '_';
  const values = Float64Array.from(newest, (row) => history.event[row]!);
  const columns = [...keys, { name: eventTime, type: 'timestamp' as const, validity: null, values }];
  return { spine: { rows: newest.length, columns }, eventTime, totalRows: history.table.rows };
}

/** Rows with the greatest times, newest first, found in one pass. */
function newestRows(event: Float64Array, limit: number): Uint32Array {
  const best: number[] = [];
  for (let row = 0; row < event.length; row++) {
    const last = best.at(-1);
    if (
      Number.isNaN(event[row]!) ||
      (best.length === limit && last !== undefined && event[row]! < event[last]!)
    )
      continue;
    let at = best.length;
    while (at > 0 && event[best[at - 1]!]! <= event[row]!) at--;
    best.splice(at, 0, row);
    if (best.length > limit) best.pop();
  }
  return Uint32Array.from(best);
}
