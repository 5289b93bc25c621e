import type { OnlineStatus } from '../../../shared/contract/types.ts';
import type { Column, ColumnType, Table } from '../../../shared/table/column.ts';
import type { ReplayRequest } from '../../features/index.ts';
import type { JsonValue } from '../packed-row.ts';

/** Values that were served by the same definitions, wherever they were kept. */
export interface ServedReads {
  /** What answered; null when only what is in force is known. */
  readonly definitions: ReplayRequest['definitions'];
  /** Keys and instants, a row a read. */
  readonly spine: Table;
  readonly eventTime: string;
  readonly features: readonly string[];
  /** The value of a feature, told in the form of that type. */
  cell(row: number, feature: number, type: ColumnType): JsonValue;
  status(row: number, feature: number): OnlineStatus | null;
}

/** A column of instants under a name that no key has. */
export function instantColumn(at: Float64Array, keys: readonly { readonly name: string }[]): Column {
  let name = 'read_at';
  while (keys.some((key) => key.name === name)) name = `_${name}`;
  return { name, type: 'timestamp', validity: null, values: at };
}
