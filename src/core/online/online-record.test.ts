import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_RECORD,
  joined,
  type OnlineRecord,
  packRecord,
  type RecordRule,
  rowAt,
  type UseRule,
  unpackRecord,
  usableFrom,
  withRows,
} from './online-record.ts';
import { compareTimes, RowLayout, RowPacker, type RowTimes, timesOf } from './packed-row.ts';

type Row = RowTimes & { readonly until: number };

const packer = new RowPacker(new RowLayout([]));
const packed = ({ until, ...times }: Row): Buffer => packer.pack(times, [], 0, until);

/** Few distinct times, so that ties are common; about half of the rows are corrected some time after they were known. */
const anyTimes = fc.record({
  event: fc.integer({ min: 0, max: 6 }),
  known: fc.integer({ min: 0, max: 8 }),
  lasts: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(Number.POSITIVE_INFINITY)),
});
const anyWay = fc.constantFrom('rows' as const, 'record' as const);
const anyRule = fc.record({ hasKnownTime: fc.boolean(), hasCorrections: fc.boolean() });

interface Batch {
  readonly rows: readonly { event: number; known: number; lasts: number }[];
  readonly later: number;
}
const anyBatches = fc.array(
  fc.record({ rows: fc.array(anyTimes, { maxLength: 4 }), later: fc.integer({ min: 0, max: 3 }) }),
  { maxLength: 5 },
);

/** Rows come one by one, or as a record of their own that may have left some out. */
const ways = {
  rows: withRows,
  record: (record: OnlineRecord, added: Pick<OnlineRecord, 'candidates' | 'window'>, rule: RecordRule) =>
    joined(record, withRows(EMPTY_RECORD, added, rule), rule),
} as const;

/** Takes the batches in, each at its own instant. */
function taken(batches: readonly Batch[], rule: Omit<RecordRule, 'now'>, way: keyof typeof ways = 'rows') {
  let record = EMPTY_RECORD;
  let now = 0;
  const all: Row[] = [];
  for (const { rows, later } of batches) {
    now += later;
    const added = rows.map(({ event, known, lasts }, index) => ({
      event,
      known,
      until: known + lasts,
      sequence: all.length + index,
    }));
    all.push(...added);
    const bytes = added.map(packed);
    record = unpackRecord(
      packRecord(ways[way](record, { candidates: bytes, window: bytes }, { ...rule, now })),
    );
  }
  return { record, all, now };
}

/** Plain loops over the whole history. */
const winner = (all: readonly Row[], at: number, rule: UseRule): RowTimes | null => {
  const row = all
    .filter((one) => usableFrom(one, rule) <= at && (!rule.hasCorrections || at < one.until))
    .toSorted(compareTimes)
    .at(-1);
  return row === undefined ? null : timesIn(row);
};
const timesIn = ({ event, known, sequence }: Row): RowTimes => ({ event, known, sequence });

describe('what is kept online of an entity', () => {
  it('tells of every later instant the row that the whole history tells', () => {
    fc.assert(
      fc.property(anyBatches, fc.nat(12), anyRule, anyWay, (batches, later, rule, way) => {
        const { record, all, now } = taken(batches, { windowMicros: null, ...rule }, way);
        const row = rowAt(record, now + later, rule);
        // Without older rows there is none; with them the record may say that it holds none.
        expect(row == null ? null : timesOf(row)).toEqual(winner(all, now + later, rule));
      }),
      { numRuns: 2000 },
    );
  });

  it('of an earlier instant tells the same, or that it does not know', () => {
    fc.assert(
      fc.property(anyBatches, fc.nat(12), anyRule, anyWay, (batches, at, rule, way) => {
        const { record, all } = taken(batches, { windowMicros: null, ...rule }, way);
        const row = rowAt(record, at, rule);
        if (row === undefined) return;
        expect(row === null ? null : timesOf(row)).toEqual(winner(all, at, rule));
      }),
      { numRuns: 2000 },
    );
  });

  it('has every row of a window that begins at or after its floor', () => {
    fc.assert(
      fc.property(
        anyBatches,
        fc.integer({ min: 1, max: 5 }),
        fc.nat(12),
        anyWay,
        (batches, window, at, way) => {
          const rule = { windowMicros: window, hasKnownTime: true, hasCorrections: false };
          const { record, all, now } = taken(batches, rule, way);
          const from = at - window;
          if (from < record.windowFloor) {
            expect(at).toBeLessThan(now); // a later window must always be known
            return;
          }
          const inside = (rows: readonly RowTimes[]) => rows.filter(({ event }) => event > from);
          expect(inside(record.window.map(timesOf))).toEqual(inside(all.map(timesIn)));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('stays as it is when the same rows come again', () => {
    fc.assert(
      fc.property(anyBatches, (batches) => {
        const rule = { windowMicros: 3, hasKnownTime: true, hasCorrections: false };
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
