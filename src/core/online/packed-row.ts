import {
  type Column,
  type ColumnSchema,
  type ColumnType,
  isPresent,
  microsToIso,
} from '../../shared/table/column.ts';

/** When a row was true and known (NaN: never said), and its place in the view's history. */
export interface RowTimes {
  readonly event: number;
  readonly known: number;
  readonly sequence: number;
}

export type PackedValue = string | number | bigint | boolean;
export type JsonValue = string | number | boolean | null;

const EVENT = 0;
const KNOWN = 8;
const SEQUENCE = 16;
const NULLS = 24;
const UNTIL_BYTES = 8;
const INITIAL_BYTES = 1024;

const SLOT_BYTES: Readonly<Record<ColumnType, number>> = {
  float64: 8,
  int64: 8,
  timestamp: 8,
  date: 8,
  bool: 1,
  /** Where the text starts and how long it is; the text itself follows the slots. */
  string: 8,
};

/** Where the values of these columns lie in a row's bytes: `times · null bits · one slot per column · texts`. */
export class RowLayout {
  readonly columns: readonly ColumnSchema[];
  readonly offsets: readonly number[];
  readonly fixedBytes: number;
  readonly #places: ReadonlyMap<string, number>;

  constructor(columns: readonly ColumnSchema[]) {
    this.columns = columns;
    this.#places = new Map(columns.map(({ name }, place) => [name, place]));
    let at = NULLS + Math.ceil(columns.length / 8);
    this.offsets = columns.map(({ type }) => {
      const offset = at;
      at += SLOT_BYTES[type];
      return offset;
    });
    this.fixedBytes = at;
  }

  /** The column's number, −1 for one that the rows do not have. */
  place(name: string): number {
    return this.#places.get(name) ?? -1;
  }

  /** Null where the row has none. */
  value(row: Buffer, column: number): PackedValue | null {
    if ((row[NULLS + (column >> 3)]! & (1 << (column & 7))) !== 0) return null;
    const offset = this.offsets[column]!;
    switch (this.columns[column]!.type) {
      case 'bool':
        return row[offset] === 1;
      case 'string': {
        const start = row.readUInt32LE(offset);
        return row.toString('utf8', start, start + row.readUInt32LE(offset + 4));
      }
      case 'int64':
        return row.readBigInt64LE(offset);
      default:
        return row.readDoubleLE(offset);
    }
  }

  /** As JSON can carry it: whole numbers beyond 2⁵³ as text, times as ISO-8601, what is not a finite number as null. */
  json(row: Buffer, column: number): JsonValue {
    const value = this.value(row, column);
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'bigint') return wholeNumberToJson(value);
    switch (this.columns[column]!.type) {
      case 'timestamp':
        return microsToIso(value);
      case 'date':
        return microsToIso(value).slice(0, 10);
      default:
        return Number.isFinite(value) ? value : null;
    }
  }
}

export const wholeNumberToJson = (value: bigint): number | string =>
  BigInt.asIntN(54, value) === value ? Number(value) : value.toString();

export const timesOf = (row: Buffer): RowTimes => ({
  event: row.readDoubleLE(EVENT),
  known: row.readDoubleLE(KNOWN),
  sequence: row.readDoubleLE(SEQUENCE),
});

/** When a correction of a row became known, which stands behind its texts. */
export const untilOf = (row: Buffer): number => row.readDoubleLE(row.length - UNTIL_BYTES);

/** The order of the point-in-time rule: event time, then known time with null lowest, then sequence. */
export function compareTimes(a: RowTimes, b: RowTimes): number {
  if (a.event !== b.event) return a.event - b.event;
  const knownA = Number.isNaN(a.known) ? Number.NEGATIVE_INFINITY : a.known;
  const knownB = Number.isNaN(b.known) ? Number.NEGATIVE_INFINITY : b.known;
  return knownA === knownB ? a.sequence - b.sequence : knownA < knownB ? -1 : 1;
}

/** Packs rows of columns that are in the order of a layout. */
export class RowPacker {
  readonly #layout: RowLayout;
  #scratch = Buffer.alloc(INITIAL_BYTES);

  constructor(layout: RowLayout) {
    this.#layout = layout;
  }

  /** With `until`, the row says when a correction of it becomes known. */
  pack(times: RowTimes, columns: readonly Column[], row: number, until?: number): Buffer {
    const { offsets, fixedBytes } = this.#layout;
    this.#reserve(fixedBytes, 0);
    this.#scratch.fill(0, 0, fixedBytes);
    this.#scratch.writeDoubleLE(times.event, EVENT);
    this.#scratch.writeDoubleLE(times.known, KNOWN);
    this.#scratch.writeDoubleLE(times.sequence, SEQUENCE);
    let end = fixedBytes;
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index]!;
      if (!isPresent(column, row)) {
        const nulls = NULLS + (index >> 3);
        this.#scratch[nulls] = this.#scratch[nulls]! | (1 << (index & 7));
      } else end = this.#write(column, row, offsets[index]!, end);
    }
    if (until !== undefined) {
      this.#reserve(end + UNTIL_BYTES, end);
      end = this.#scratch.writeDoubleLE(until, end);
    }
    return Buffer.from(this.#scratch.subarray(0, end));
  }

  #write(column: Column, row: number, offset: number, end: number): number {
    switch (column.type) {
      case 'string': {
        const text = column.dictionary[column.values[row]!]!;
        const bytes = Buffer.byteLength(text);
        this.#reserve(end + bytes, end);
        this.#scratch.writeUInt32LE(end, offset);
        this.#scratch.writeUInt32LE(bytes, offset + 4);
        this.#scratch.write(text, end);
        return end + bytes;
      }
      case 'bool':
        this.#scratch[offset] = column.values[row]!;
        return end;
      case 'int64': {
        const value = column.values[row]!;
        this.#scratch.writeBigInt64LE(typeof value === 'bigint' ? value : BigInt(value), offset);
        return end;
      }
      default:
        this.#scratch.writeDoubleLE(column.values[row]!, offset);
        return end;
    }
  }

  #reserve(bytes: number, kept: number): void {
    if (bytes <= this.#scratch.length) return;
    const larger = Buffer.alloc(2 * bytes);
    this.#scratch.copy(larger, 0, 0, kept);
    this.#scratch = larger;
  }
}
