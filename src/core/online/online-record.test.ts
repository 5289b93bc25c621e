import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_RECORD,
  packRecord,
  type RecordRule,
  rowAt,
  unpackRecord,
  usableFrom,
  withRows,
} from './online-record.ts';
import { compareTimes, RowLayout, RowPacker, type RowTimes, timesOf } from './packed-row.ts';

const packer = new RowPacker(new RowLayout([]));
const packed = (times: RowTimes): Buffer => packer.pack(times, [], 0);

/** Few distinct times, so that ties are common. */
const anyTimes = fc.record({ event: fc.integer({ min: 0, max: 6 }), known: fc.integer({ min: 0, max: 8 }) });

interface Batch {
  readonly rows: readonly { event: number; known: number }[];
  readonly later: number;
}
const anyBatches = fc.array(
  fc.record({ rows: fc.array(anyTimes, { maxLength: 4 }), later: fc.integer({ min: 0, max: 3 }) }),
  { maxLength: 5 },
);

/** Takes the batches in, each at its own instant. */
function taken(batches: readonly Batch[], rule: Omit<RecordRule, 'now'>) {
  let record = EMPTY_RECORD;
  let now = 0;
  const all: RowTimes[] = [];
  for (const { rows, later } of batches) {
    now += later;
    const added = rows.map((row, index) => ({ ...row, sequence: all.length + index }));
    all.push(...added);
    const bytes = added.map(packed);
    record = unpackRecord(
      packRecord(withRows(record, { candidates: bytes, window: bytes }, { ...rule, now })),
    );
  }
  return { record, all, now };
}

/** Plain loops over the whole history. */
const winner = (all: readonly RowTimes[], at: number, hasKnownTime: boolean): RowTimes | null =>
  all
    .filter((row) => usableFrom(row, hasKnownTime) <= at)
    .toSorted(compareTimes)
    .at(-1) ?? null;

describe('what is kept online of an entity', () => {
  it('tells of every later instant the row that the whole history tells', () => {
    fc.assert(
      fc.property(anyBatches, fc.nat(12), fc.boolean(), (batches, later, hasKnownTime) => {
        const { record, all, now } = taken(batches, { windowMicros: null, hasKnownTime });
        const row = rowAt(record, now + later, hasKnownTime);
        expect(row == null ? row : timesOf(row)).toEqual(winner(all, now + later, hasKnownTime));
      }),
      { numRuns: 2000 },
    );
  });

  it('of an earlier instant tells the same, or that it does not know', () => {
    fc.assert(
      fc.property(anyBatches, fc.nat(12), fc.boolean(), (batches, at, hasKnownTime) => {
        const { record, all } = taken(batches, { windowMicros: null, hasKnownTime });
        const row = rowAt(record, at, hasKnownTime);
        if (row === undefined) return;
        expect(row === null ? null : timesOf(row)).toEqual(winner(all, at, hasKnownTime));
      }),
      { numRuns: 2000 },
    );
  });

  it('has every row of a window that begins at or after its floor', () => {
    fc.assert(
      fc.property(anyBatches, fc.integer({ min: 1, max: 5 }), fc.nat(12), (batches, window, later) => {
        const { record, all, now } = taken(batches, { windowMicros: window, hasKnownTime: true });
        const from = now + later - window;
        if (from < record.windowFloor) throw new Error('a later window must always be known');
        const inside = (rows: readonly RowTimes[]) => rows.filter(({ event }) => event > from);
        expect(inside(record.window.map(timesOf))).toEqual(inside(all));
      }),
      { numRuns: 2000 },
    );
  });

  it('stays as it is when the same rows come again', () => {
    fc.assert(
      fc.property(anyBatches, (batches) => {
        const rule = { windowMicros: 3, hasKnownTime: true };
        const { record, all, now } = taken(batches, rule);
        const again = all.map(packed);
        expect(withRows(record, { candidates: again, window: again }, { ...rule, now })).toEqual({
          ...record,
          // An old row that comes again is left out again.
          superseded: record.superseded || all.length > record.candidates.length,
          windowFloor: expect.any(Number),
        });
      }),
    );
  });
});
