import type { Column } from '../../shared/table/column.ts';

/** The column with the values of these rows, in their order. */
export function gatherColumn(column: Column, rows: ArrayLike<number>): Column {
  const { length } = rows;
  const validity = column.validity === null ? null : new Uint8Array(length);
  const fill = (from: ArrayLike<number | bigint>, to: { [index: number]: number | bigint }): void => {
    for (let index = 0; index < length; index++) to[index] = from[rows[index]!]!;
  };
  if (validity !== null) fill(column.validity!, validity);
  const values = new (column.values.constructor as new (length: number) => typeof column.values)(length);
  fill(column.values, values);
  return { ...column, validity, values } as Column;
}
