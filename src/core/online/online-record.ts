import { FalajError } from '../../shared/errors.ts';
import { compareTimes, type RowTimes, timesOf, untilOf } from './packed-row.ts';

/**
 * What is kept online of one entity: the row that holds now with those whose time is yet to come or will end, and the rows
 * of the longest window. Enough to answer every later instant as the whole history would.
 */
export interface OnlineRecord {
  /** In the order of the point-in-time rule. The first may be in force; the others are not yet, or may end before it. */
  readonly candidates: readonly Buffer[];
  /** Whether an older row has been dropped: then instants before the first candidate cannot be answered from here. */
  readonly superseded: boolean;
  /** Rows inside the longest window, by sequence. */
  readonly window: readonly Buffer[];
  /** Rows of the window with an event time below it may have been dropped. */
  readonly windowFloor: number;
}

/** What packed rows say of the span in which they may be used. */
export interface UseRule {
  /** Whether a row may be used only once it is known. */
  readonly hasKnownTime: boolean;
  /** Whether a row may be used only until its correction is known. */
  readonly hasCorrections: boolean;
}

export interface RecordRule extends UseRule {
  /** Now, in microseconds. */
  readonly now: number;
  /** Null when the view has no windows. */
  readonly windowMicros: number | null;
}

export const EMPTY_RECORD: OnlineRecord = {
  candidates: [],
  superseded: false,
  window: [],
  windowFloor: Number.NEGATIVE_INFINITY,
};

const FORMAT = 1;
const HEADER_BYTES = 18;

/** The instant from which a row may be used. */
export const usableFrom = (
  { event, known }: RowTimes,
  { hasKnownTime }: Pick<UseRule, 'hasKnownTime'>,
): number => (hasKnownTime ? Math.max(event, known) : event);

/** The instant from which a row may not be used any more; infinite for most. */
export const usableUntil = (row: Buffer, { hasCorrections }: Pick<UseRule, 'hasCorrections'>): number =>
  hasCorrections ? untilOf(row) : Number.POSITIVE_INFINITY;

/** The record with more rows taken in, the same whatever their order and however often they come. */
export function withRows(
  record: OnlineRecord,
  added: { readonly candidates: readonly Buffer[]; readonly window: readonly Buffer[] },
  rule: RecordRule,
): OnlineRecord {
  const candidates = [...record.candidates, ...added.candidates]
    .map((row) => ({ row, times: timesOf(row) }))
    .sort((a, b) => compareTimes(a.times, b.times))
    .filter(({ times }, at, all) => at === 0 || times.sequence !== all[at - 1]!.times.sequence);
  // A row that will end leaves the place to those before it; one that has ended goes before others at earlier instants.
  const inForce = Math.max(
    0,
    candidates.findLastIndex(
      ({ row, times }) => usableFrom(times, rule) <= rule.now && usableUntil(row, rule) === Infinity,
    ),
  );
  return {
    candidates: candidates.slice(inForce).map(({ row }) => row),
    superseded: record.superseded || inForce > 0,
    ...windowRows(record, added.window, rule),
  };
}

/** Two records of one entity as one: what either has left out is left out of both. */
export const joined = (record: OnlineRecord, added: OnlineRecord, rule: RecordRule): OnlineRecord =>
  withRows(
    {
      ...record,
      superseded: record.superseded || added.superseded,
      windowFloor: Math.max(record.windowFloor, added.windowFloor),
    },
    added,
    rule,
  );

function windowRows(
  record: OnlineRecord,
  added: readonly Buffer[],
  { now, windowMicros }: RecordRule,
): Pick<OnlineRecord, 'window' | 'windowFloor'> {
  if (windowMicros === null) return { window: [], windowFloor: record.windowFloor };
  const floor = Math.max(record.windowFloor, now - windowMicros);
  const all = [...record.window, ...added]
    .map((row) => ({ row, times: timesOf(row) }))
    .sort((a, b) => a.times.sequence - b.times.sequence)
    .filter(({ times }, at, rows) => at === 0 || times.sequence !== rows[at - 1]!.times.sequence);
  const kept = all.filter(({ times }) => times.event >= floor);
  return {
    window: kept.map(({ row }) => row),
    windowFloor: kept.length === all.length ? record.windowFloor : floor,
  };
}

/** The row in force at an instant, null when none is yet; undefined when the record no longer knows. */
export function rowAt(record: OnlineRecord, at: number, rule: UseRule): Buffer | null | undefined {
  const { candidates } = record;
  for (let index = candidates.length - 1; index >= 0; index--) {
    const row = candidates[index]!;
    if (usableFrom(timesOf(row), rule) <= at && at < usableUntil(row, rule)) return row;
  }
  return record.superseded ? undefined : null;
}

/** `format · superseded · counts · window floor`, then each row with its length. */
export function packRecord(record: OnlineRecord): Buffer {
  const rows = [...record.candidates, ...record.window];
  const packed = Buffer.allocUnsafe(rows.reduce((sum, row) => sum + 4 + row.length, HEADER_BYTES));
  packed[0] = FORMAT;
  packed[1] = record.superseded ? 1 : 0;
  packed.writeUInt32LE(record.candidates.length, 2);
  packed.writeUInt32LE(record.window.length, 6);
  packed.writeDoubleLE(record.windowFloor, 10);
  let at = HEADER_BYTES;
  for (const row of rows) {
    at = packed.writeUInt32LE(row.length, at);
    at += row.copy(packed, at);
  }
  return packed;
}

export function unpackRecord(packed: Buffer): OnlineRecord {
  if (packed[0] !== FORMAT) {
    throw new FalajError('STORE_DAMAGED', 'An online row has a form that is not known.', {
      hint: 'Materialize the view again: falaj features materialize VIEW',
    });
  }
  let at = HEADER_BYTES;
  const take = (count: number): Buffer[] =>
    Array.from({ length: count }, () => {
      const length = packed.readUInt32LE(at);
      const row = packed.subarray(at + 4, at + 4 + length);
      at += 4 + length;
      return row;
    });
  return {
    superseded: packed[1] === 1,
    candidates: take(packed.readUInt32LE(2)),
    window: take(packed.readUInt32LE(6)),
    windowFloor: packed.readDoubleLE(10),
  };
}
