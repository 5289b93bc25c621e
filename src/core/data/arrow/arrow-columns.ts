import { type Data, DataType, DateUnit, TimeUnit, Vector } from 'apache-arrow';
import { FalajError } from '../../../shared/errors.ts';
import type { Column, ColumnType } from '../../../shared/table/column.ts';
import { takeRows } from '../../../shared/table/take-rows.ts';
import { beyondInt64, INT64_MAX } from '../int64-range.ts';
import { microsOfNanos } from '../reader/exact-times.ts';

const DAY_MICROS = 86_400_000_000;
const MICROS: Readonly<Record<number, bigint>> = {
  [TimeUnit.SECOND]: 1_000_000n,
  [TimeUnit.MILLISECOND]: 1_000n,
  [TimeUnit.MICROSECOND]: 1n,
};
const EXACT = 9_007_199_254_740_992n;

interface Target {
  readonly name: string;
  readonly type: ColumnType;
  readonly exact: boolean;
}

/** One column of a record batch in our shape. Every length is checked first: the bytes may say anything. */
export function toColumn(data: Data, target: Target): Column {
  const { name, type } = target;
  if (DataType.isDictionary(data.type)) return decodedDictionary(data, target);
  const validity = validityOf(data);
  switch (type) {
    case 'string':
      return { name, type, validity, ...textOf(data, validity) };
    case 'bool':
      return { name, type, validity, values: bits(checked(data.values, Math.ceil(data.length / 8)), data) };
    case 'int64':
      return integers(name, data, validity);
    case 'float64':
      return { name, type, validity, values: floats(data, validity) };
    case 'date':
      return { name, type, validity, values: dates(data) };
    case 'timestamp':
      return { name, type, validity, values: instants(target, data, validity) };
  }
}

export const malformedArrow = (what: string): FalajError =>
  new FalajError('MALFORMED_FILE', `The Arrow data is damaged: ${what}.`, { hint: 'Write it again.' });

function checked<Values extends { readonly length: number }>(
  values: Values | undefined,
  length: number,
): Values {
  if (values === undefined || values.length < length) throw malformedArrow('a column ends too early');
  return values;
}

/** Null when every row is present. */
function validityOf(data: Data): Uint8Array | null {
  if (DataType.isNull(data.type)) return new Uint8Array(data.length);
  const bitmap = data.nullBitmap as Uint8Array | undefined;
  if (bitmap === undefined || bitmap.length === 0) return null;
  const validity = bits(checked(bitmap, Math.ceil(data.length / 8)), data);
  return validity.includes(0) ? validity : null;
}

function bits(packed: Uint8Array, { offset, length }: Data): Uint8Array {
  const out = new Uint8Array(length);
  for (let row = 0; row < length; row++) {
    const bit = offset + row;
    out[row] = ((packed[bit >> 3] ?? 0) >> (bit & 7)) & 1;
  }
  return out;
}

function integers(name: string, data: Data, validity: Uint8Array | null): Column {
  const values = checked(data.values as ArrayLike<number | bigint>, data.length);
  const type = 'int64';
  if (values instanceof BigInt64Array)
    return { name, type, validity, values: values.subarray(0, data.length) };
  if (!(values instanceof BigUint64Array))
    return {
      name,
      type,
      validity,
      values: Float64Array.from((values as Int32Array).subarray(0, data.length)),
    };
  for (let row = 0; row < data.length; row++) {
    if (values[row]! <= INT64_MAX || (validity !== null && validity[row] === 0)) continue;
    throw beyondInt64(name);
  }
  return { name, type, validity, values: new BigInt64Array(values.buffer, values.byteOffset, data.length) };
}

function floats(data: Data, validity: Uint8Array | null): Float64Array {
  if (DataType.isFloat(data.type) && data.type.precision !== 0)
    return Float64Array.from(checked(data.values as Float64Array, data.length).subarray(0, data.length));
  if (DataType.isDecimal(data.type)) return decimals(data, validity);
  checked(data.values as Uint16Array, data.length);
  const vector = new Vector([data]);
  return Float64Array.from({ length: data.length }, (_, row) => (vector.get(row) as number | null) ?? 0);
}

/** Through their decimal text, so that each becomes the float64 nearest to it. */
function decimals(data: Data, validity: Uint8Array | null): Float64Array {
  const { scale, bitWidth } = data.type as DataType & { scale: number; bitWidth: number };
  const words = bitWidth / 32;
  const values = checked(data.values as Uint32Array, data.length * words);
  const out = new Float64Array(data.length);
  for (let row = 0; row < data.length; row++) {
    if (validity !== null && validity[row] === 0) continue;
    let whole = 0n;
    for (let word = words - 1; word >= 0; word--)
      whole = (whole << 32n) | BigInt(values[row * words + word]!);
    out[row] = Number(`${BigInt.asIntN(bitWidth, whole)}e${-scale}`);
  }
  return out;
}

function dates(data: Data): Float64Array {
  const out = new Float64Array(data.length);
  if (DataType.isDate(data.type) && data.type.unit === DateUnit.DAY) {
    const days = checked(data.values as Int32Array, data.length);
    for (let row = 0; row < out.length; row++) out[row] = days[row]! * DAY_MICROS;
    return out;
  }
  const millis = checked(data.values as BigInt64Array, data.length);
  for (let row = 0; row < out.length; row++)
    out[row] = Math.floor((Number(millis[row]!) * 1_000) / DAY_MICROS) * DAY_MICROS;
  return out;
}

/** Microseconds; finer digits are rounded toward the past. */
function instants(target: Target, data: Data, validity: Uint8Array | null): Float64Array {
  const { name } = target;
  const values = checked(data.values as BigInt64Array, data.length);
  const factor = MICROS[(data.type as DataType & { unit: TimeUnit }).unit] ?? null;
  const out = new Float64Array(data.length);
  for (let row = 0; row < out.length; row++) {
    if (validity !== null && validity[row] === 0) continue;
    const micros = factor === null ? microsOfNanos(values[row]!, target) : values[row]! * factor;
    if (micros > EXACT || micros < -EXACT) {
      throw new FalajError('TYPE_MISMATCH', `Column "${name}" holds a time outside the years 1684 to 2255.`, {
        hint: 'Times are kept in microseconds. Replace endless or placeholder dates by empty values.',
        details: { column: name },
      });
    }
    out[row] = Number(micros);
  }
  return out;
}

function textOf(data: Data, validity: Uint8Array | null): { values: Uint32Array; dictionary: string[] } {
  const values = new Uint32Array(data.length);
  if (DataType.isNull(data.type)) return { values, dictionary: [] };
  const textAt = textReader(data);
  const codes = new Map<string, number>();
  const dictionary: string[] = [];
  for (let row = 0; row < data.length; row++) {
    if (validity !== null && validity[row] === 0) continue;
    const text = textAt(row);
    let code = codes.get(text);
    if (code === undefined) {
      code = dictionary.push(text) - 1;
      codes.set(text, code);
    }
    values[row] = code;
  }
  return { values, dictionary };
}

function textReader(data: Data): (row: number) => string {
  if (DataType.isUtf8View(data.type)) {
    const vector = new Vector([data]);
    return (row) => {
      const text: unknown = vector.get(row);
      if (typeof text !== 'string') throw malformedArrow('a text is missing');
      return text;
    };
  }
  const offsets = checked(
    data.valueOffsets as Int32Array | BigInt64Array,
    data.length === 0 ? 0 : data.length + 1,
  );
  const source = data.values as Uint8Array;
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  return (row) => {
    const start = Number(offsets[row]!);
    const end = Number(offsets[row + 1]!);
    if (start < 0 || end < start || end > bytes.length)
      throw malformedArrow('a text ends outside its column');
    return bytes.toString('utf8', start, end);
  };
}

/** Rows of a dictionary-encoded column: the entries become a column, of which the indices take rows. */
function decodedDictionary(data: Data, target: Target): Column {
  const entries = data.dictionary;
  if (entries === undefined) throw malformedArrow('a dictionary is missing');
  const pieces = entries.data.map((piece) => toColumn(piece, target));
  const sizes = pieces.map((piece) => piece.values.length);
  const size = sizes.reduce((sum, one) => sum + one, 0);
  const indices = checked(data.values as ArrayLike<number | bigint>, data.length);
  const validity = validityOf(data);
  const rows = new Uint32Array(data.length);
  for (let row = 0; row < rows.length; row++) {
    if (validity !== null && validity[row] === 0) continue;
    const index = Number(indices[row]!);
    if (!(index >= 0 && index < size)) throw malformedArrow('a value is not in its dictionary');
    rows[row] = index;
  }
  const column =
    size === 0
      ? nothing(target, rows.length)
      : takeRows({ rows: size, columns: [joined(pieces)] }, rows).columns[0]!;
  return { ...column, validity: bothPresent(validity, column.validity) };
}

/** Deltas make a dictionary of several pieces. */
function joined(pieces: readonly Column[]): Column {
  if (pieces.length === 1) return pieces[0]!;
  throw new FalajError('UNSUPPORTED_FORMAT', 'The Arrow data has a dictionary in several pieces.', {
    hint: 'Unify the dictionaries before writing, or write the column as plain text.',
  });
}

const nothing = ({ name, type }: Target, rows: number): Column => {
  const validity = new Uint8Array(rows);
  if (type === 'string') return { name, type, validity, values: new Uint32Array(rows), dictionary: [] };
  if (type === 'bool') return { name, type, validity, values: new Uint8Array(rows) };
  return { name, type, validity, values: new Float64Array(rows) };
};

function bothPresent(rows: Uint8Array | null, entries: Uint8Array | null): Uint8Array | null {
  if (rows === null || entries === null) return rows ?? entries;
  return rows.map((present, row) => present & entries[row]!);
}
