import { FalajError } from '../../../shared/errors.ts';
import { nearestHint } from '../../../shared/nearest-name.ts';
import { type Column, findColumn, type Table } from '../../../shared/table/column.ts';
import type { PlannedView } from './join-plan.ts';

/** The column of the entities that a view reads under another name, or under its own. */
export function requireSpineColumn(
  spine: Table,
  planned: PlannedView,
  name: string,
  spineName: string,
): Column {
  const column = findColumn(spine, spineName);
  if (column !== undefined) return column;
  const what = planned.keys.some((key) => key.name === name) ? 'key' : 'request column';
  throw new FalajError(
    'UNKNOWN_COLUMN',
    `The entities have no column "${spineName}" for ${what} "${name}" of ${planned.view.name}.`,
    {
      hint: nearestHint(
        spineName,
        spine.columns.map((candidate) => candidate.name),
        'Add the column, or map it to another one in the service.',
      ),
      details: { column: spineName, view: planned.view.name },
    },
  );
}
