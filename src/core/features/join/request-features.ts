import { FalajError } from '../../../shared/errors.ts';
import { type Column, isWideInteger, type Table } from '../../../shared/table/column.ts';
import { evaluateExpressions } from '../../data/index.ts';
import type { PlannedView, RequestColumn } from './join-plan.ts';
import { requireSpineColumn } from './spine-columns.ts';

/** Features computed from what comes with each row of the spine: its keys and the columns that the view names. */
export async function requestFeatures(
  planned: PlannedView,
  request: readonly RequestColumn[],
  spine: Table,
  signal?: AbortSignal,
): Promise<Column[]> {
  const columns = [...planned.keys, ...request].map((wanted) => requestColumn(planned, wanted, spine));
  const expressions = planned.features.map(({ name, expression }) => ({ name, expression: expression! }));
  const computed = await evaluateExpressions({ rows: spine.rows, columns }, expressions, { signal });
  return computed.map((column) => ({ ...column, name: `${planned.alias}__${column.name}` }));
}

function requestColumn(planned: PlannedView, wanted: RequestColumn, spine: Table): Column {
  const column = requireSpineColumn(spine, planned, wanted.name, wanted.spine);
  if (column.type === wanted.type) return { ...column, name: wanted.name };
  // a file of whole numbers does not say that they could have been fractions
  if (wanted.type === 'float64' && column.type === 'int64') {
    const values = isWideInteger(column) ? Float64Array.from(column.values, Number) : column.values;
    return { name: wanted.name, type: 'float64', validity: column.validity, values };
  }
  throw new FalajError(
    'TYPE_MISMATCH',
    `Column "${wanted.spine}" is ${column.type} in the entities, but ${planned.view.name} takes "${wanted.name}" as ${wanted.type}.`,
    {
      hint: 'Give the column that type, or change the view.',
      details: { column: wanted.spine, features: wanted.type, entities: column.type },
    },
  );
}
