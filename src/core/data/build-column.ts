import type { Column, ColumnSchema } from '../../shared/table/column.ts';

/** A value in the form of its column's type: times as microseconds, whole numbers as either kind. */
export type PlainValue = string | number | bigint | boolean | null;

/** A column out of single values, for rows that come one by one. The values are of the column's type or null. */
export function buildColumn({ name, type }: ColumnSchema, values: readonly PlainValue[]): Column {
  const present = Uint8Array.from(values, (value) => (value === null ? 0 : 1));
  const validity = present.includes(0) ? present : null;
  switch (type) {
    case 'string':
      return { name, type, validity, ...coded(values) };
    case 'bool':
      return { name, type, validity, values: Uint8Array.from(values, (value) => (value === true ? 1 : 0)) };
    case 'int64':
      return {
        name,
        type,
        validity,
        values: BigInt64Array.from(values, (value) => BigInt((value as number | bigint | null) ?? 0)),
      };
    default:
      return { name, type, validity, values: Float64Array.from(values, (value) => Number(value ?? 0)) };
  }
}

function coded(values: readonly PlainValue[]): { values: Uint32Array; dictionary: string[] } {
  const codes = new Map<string, number>();
  const dictionary: string[] = [];
  const out = Uint32Array.from(values, (value) => {
    if (value === null) return 0;
    const text = String(value);
    let code = codes.get(text);
    if (code === undefined) {
      code = dictionary.push(text) - 1;
      codes.set(text, code);
    }
    return code;
  });
  return { values: out, dictionary };
}
