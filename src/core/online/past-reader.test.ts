import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OnlineFixture } from '../../../test/fixtures/online-fixture.ts';
import { asOfInput } from '../../shared/contract/features.ts';
import { microsToIso } from '../../shared/table/column.ts';

const DEFINITIONS = `
kind: Entity
name: driver
keys: [{name: driver, type: string}]
---
kind: FeatureView
name: trips
entities: [driver]
source: {dataset: trips}
ttl: 2d
features:
  - {name: fare}
  - {name: good, type: bool, expression: "rating >= 4"}
  - {name: fares_1d, aggregate: {fn: sum, of: fare, window: 1d}}
---
kind: FeatureView
name: state
entities: [driver]
source: {push: true}
features:
  - {name: battery}
---
kind: FeatureView
name: whole
entities: []
source: {dataset: trips}
features:
  - {name: fare}
---
kind: FeatureView
name: asked
entities: [driver]
source: {request: [{name: hour, type: int64}]}
features:
  - {name: night, type: bool, expression: "hour < 6"}
---
kind: FeatureService
name: all
features: ["trips:*"]
`;

const TRIPS = `driver,at,known,fare,rating
amal,2026-01-01T08:00:00Z,2026-01-01T09:00:00Z,10,5
amal,2026-01-01T20:00:00Z,2026-01-02T00:00:00Z,20,
badr,2026-01-02T08:00:00Z,2026-01-02T08:00:00Z,,2
chadi,2026-01-05T08:00:00Z,2026-01-05T08:00:00Z,7,4
chadi,2026-01-05T07:00:00Z,2026-01-05T07:30:00Z,8,4
`;

let fixture: OnlineFixture;
const asOf = (input: Record<string, unknown>) => fixture.online.asOf(asOfInput.parse(input));

beforeEach(async () => {
  fixture = await OnlineFixture.open();
  await fixture.import('trips', TRIPS, { eventTime: 'at', knownTime: 'known' });
  fixture.apply(DEFINITIONS);
});
afterEach(() => fixture.parts.close());

describe('a view as of an instant', () => {
  it('starts with the entities that have the newest rows, at the time when all was known', async () => {
    const answer = await asOf({ name: 'trips', limit: 2 });
    expect(answer).toMatchObject({
      at: '2026-01-05T08:00:00Z',
      first: '2026-01-01T09:00:00Z',
      last: '2026-01-05T08:00:00Z',
      keys: [{ name: 'driver', type: 'string' }],
      features: [{ name: 'fare' }, { name: 'good', type: 'bool' }, { name: 'fares_1d' }],
    });
    expect(answer.rows).toEqual([
      {
        keys: { driver: 'chadi' },
        values: [7, true, 15],
        status: ['PRESENT', 'PRESENT', 'PRESENT'],
        eventTime: '2026-01-05T08:00:00Z',
      },
      {
        keys: { driver: 'badr' },
        values: [null, null, null],
        status: ['EXPIRED', 'EXPIRED', 'EXPIRED'],
        eventTime: '2026-01-02T08:00:00Z',
      },
    ]);
  });

  it('changes when a row becomes known, not when it happened, and tells where the next change is', async () => {
    const keys = [{ driver: 'amal' }];
    const before = await asOf({ name: 'trips', keys, at: '2026-01-01T08:30:00Z' });
    expect(before.rows[0]).toMatchObject({ values: [null, null, null], eventTime: null });
    expect(before.rows[0]!.status).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
    expect(before).toMatchObject({ previous: null, next: '2026-01-01T09:00:00Z' });
    const between = await asOf({ name: 'trips', keys, at: before.next });
    expect(between.rows[0]).toMatchObject({ values: [10, true, 10], eventTime: '2026-01-01T08:00:00Z' });
    const after = await asOf({ name: 'trips', keys, at: between.next });
    expect(after.rows[0]).toMatchObject({
      values: [20, null, 30],
      status: ['PRESENT', 'NULL', 'PRESENT'],
      eventTime: '2026-01-01T20:00:00Z',
    });
    expect(after).toMatchObject({ previous: '2026-01-01T09:00:00Z', next: null });
  });

  it('says what a training row of that instant gets', async () => {
    const names = ['amal', 'badr', 'chadi'];
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 130 }), async (hours) => {
        const at = (Date.UTC(2026, 0, 1) + hours * 3_600_000) * 1000;
        const { rows } = await asOf({
          name: 'trips',
          at: microsToIso(at),
          keys: names.map((driver) => ({ driver })),
        });
        const spine = [
          {
            name: 'driver',
            type: 'string' as const,
            validity: null,
            values: Uint32Array.from(names, (_, at_) => at_),
            dictionary: names,
          },
        ];
        const joined = await fixture.offline('all', spine, at);
        expect(rows.map(({ values }) => values)).toEqual(
          joined.map((row) => [row['trips__fare'], row['trips__good'], row['trips__fares_1d']]),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('reads the source once while a person moves through time, and again when it has changed', async () => {
    const load = vi.spyOn(fixture.data, 'load');
    const first = await asOf({ name: 'trips' });
    const keys = first.rows.map((row) => row.keys);
    for (const day of ['01', '02', '03']) await asOf({ name: 'trips', keys, at: `2026-01-${day}` });
    expect(load).toHaveBeenCalledTimes(1);
    const row = 'driver,at,known,fare,rating\nchadi,2026-01-06T08:00:00Z,2026-01-06T08:00:00Z,9,1\n';
    await fixture.import('trips', row, { eventTime: 'at', knownTime: 'known' }, 'append');
    const later = await asOf({ name: 'trips', keys });
    expect(later).toMatchObject({ at: '2026-01-06T08:00:00Z' });
    expect(later.rows[0]!.values[0]).toBe(9);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('holds for pushed rows as they come, and for a view of everything', async () => {
    expect(await asOf({ name: 'state' })).toMatchObject({ at: null, first: null, rows: [] });
    await fixture.push('state', [{ driver: 'amal', event_time: '2026-01-09T00:00:00Z', battery: 0.5 }]);
    expect((await asOf({ name: 'state' })).rows).toHaveLength(1);
    expect((await asOf({ name: 'whole', at: '2026-01-02' })).rows).toMatchObject([
      { keys: {}, values: [20], status: ['PRESENT'] },
    ]);
  });

  it('shows a row as it was until its correction became known', async () => {
    const row = 'driver,at,known,fare,rating\namal,2026-01-01T08:00:00Z,2026-01-03T00:00:00Z,11,5\n';
    await fixture.data.import(fixture.work, {
      name: 'trips',
      mode: 'upsert',
      keys: ['driver'],
      files: [fixture.file('correction.csv', row)],
      eventTime: 'at',
      knownTime: 'known',
      labels: [],
      purposes: [],
      every: 1,
      derive: [],
    });
    const keys = [{ driver: 'amal' }];
    const fareAt = async (at: string) => (await asOf({ name: 'trips', keys, at })).rows[0]!.values[0];
    expect(await fareAt('2026-01-01T10:00:00Z')).toBe(10);
    const before = await asOf({ name: 'trips', keys, at: '2026-01-02T12:00:00Z' });
    expect(before).toMatchObject({ next: '2026-01-03T00:00:00Z', rows: [{ values: [20, null, 20] }] });
    const windowed = await asOf({ name: 'trips', keys, at: '2026-01-02T07:00:00Z' });
    expect(windowed.rows[0]!.values[2]).toBe(30);
  });

  it('answers by the version of a view that is named', async () => {
    fixture.apply(DEFINITIONS.replace('rating >= 4', 'rating >= 6'));
    const keys = [{ driver: 'chadi' }];
    expect((await asOf({ name: 'trips', keys })).rows[0]!.values[1]).toBe(false);
    expect((await asOf({ name: 'trips@1', keys })).rows[0]!.values[1]).toBe(true);
  });

  it('refuses keys that are not the view’s, and views that have no rows', async () => {
    await expect(asOf({ name: 'trips', keys: [{ diver: 'amal' }] })).rejects.toMatchObject({
      code: 'UNKNOWN_COLUMN',
    });
    await expect(asOf({ name: 'asked' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(asOf({ name: 'trips', at: 'yesterday' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});
