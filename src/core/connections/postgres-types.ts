import { FalajError } from '../../shared/errors.ts';
import type { ColumnSchema, ColumnType } from '../../shared/table/column.ts';
import { type PlainValue, parseTime } from '../data/index.ts';

/** PostgreSQL's own numbers of its types; they never change. */
const TYPES: Readonly<Record<number, ColumnType>> = {
  16: 'bool',
  20: 'int64',
  21: 'int64',
  23: 'int64',
  26: 'int64',
  700: 'float64',
  701: 'float64',
  1700: 'float64',
  1082: 'date',
  1114: 'timestamp',
  1184: 'timestamp',
  18: 'string',
  19: 'string',
  25: 'string',
  1042: 'string',
  1043: 'string',
  2950: 'string',
};
const NUMERIC = 1700;
const BINARY = 17;

export interface PostgresColumn extends ColumnSchema {
  readonly note: string | null;
}

export function planPostgresColumn(field: {
  readonly name: string;
  readonly dataTypeID: number;
}): PostgresColumn {
  const { name, dataTypeID } = field;
  if (dataTypeID === BINARY) {
    throw new FalajError(
      'TYPE_MISMATCH',
      `Column "${name}" holds binary values, which no column here can hold.`,
      {
        hint: `Leave it out with --query, or turn it into text with encode("${name}", 'hex').`,
        details: { column: name },
      },
    );
  }
  const type = TYPES[dataTypeID] ?? 'string';
  let note: string | null = null;
  if (dataTypeID === NUMERIC) note = `Column "${name}": numeric was read as float64.`;
  else if (!(dataTypeID in TYPES))
    note = `Column "${name}": its type has no counterpart here; it was read as text.`;
  return { name, type, note };
}

/** A value out of the text that PostgreSQL sends for it. */
export function parsePostgresValue(text: string | null, { name, type }: ColumnSchema): PlainValue {
  if (text === null) return null;
  switch (type) {
    case 'string':
      return text;
    case 'bool':
      return text === 't';
    case 'int64':
      return BigInt(text);
    case 'float64':
      return Number(text);
    default: {
      const micros = parseTime(text);
      if (micros !== null && Number.isSafeInteger(micros)) return micros;
      throw new FalajError('TYPE_MISMATCH', `Column "${name}" holds a time outside the years 1684 to 2255.`, {
        hint: 'Replace endless or placeholder dates by null in a --query.',
        details: { column: name },
      });
    }
  }
}
