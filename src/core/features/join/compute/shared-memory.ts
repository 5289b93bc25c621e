import type { Column } from '../../../../shared/table/column.ts';

type SharedValues = Float64Array | BigInt64Array | Int32Array | Uint32Array | Uint8Array;

/** The values in memory that threads share: themselves where they are there already. */
export function shared<Values extends SharedValues>(values: Values): Values {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const buffer = new SharedArrayBuffer(values.byteLength);
  const copy = new (values.constructor as new (memory: SharedArrayBuffer) => Values)(buffer);
  copy.set(values as never);
  return copy;
}

/** The column with its arrays in memory that threads share. */
export function shareColumn(column: Column): Column {
  const validity = column.validity === null ? null : shared(column.validity);
  return { ...column, validity, values: shared(column.values) } as Column;
}
