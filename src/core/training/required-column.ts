import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import { type Column, findColumn, type Table } from '../../shared/table/column.ts';

/** @throws UNKNOWN_COLUMN naming the nearest one. */
export function requiredColumn(table: Table, name: string): Column {
  const column = findColumn(table, name);
  if (column) return column;
  const known = table.columns.map((one) => one.name);
  throw new FalajError('UNKNOWN_COLUMN', `There is no column ${name}.`, {
    hint: nearestHint(name, known, `There are: ${known.join(', ')}.`),
    details: { column: name },
  });
}
