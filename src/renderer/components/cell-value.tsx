import type { ColumnType } from '../../shared/table/column.ts';
import { useFormat } from '../i18n/use-format.ts';
import classes from './cell-value.module.css';

/** One value of a table. Data is shown as it is: exact, left to right, in UTC. */
export function CellValue({
  type,
  value,
}: {
  readonly type: ColumnType;
  readonly value: string | number | boolean | null;
}) {
  const format = useFormat();
  if (value === null) return <span className={classes.null}>null</span>;
  if (typeof value === 'number') return type === 'int64' ? format.integer(value) : format.number(value, 6);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (type === 'timestamp')
    return <span className={classes.time}>{value.replace('T', ' ').replace('Z', '')}</span>;
  if (type === 'date') return <span className={classes.time}>{value.slice(0, 10)}</span>;
  return value;
}
