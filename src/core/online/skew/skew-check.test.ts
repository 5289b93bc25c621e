import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OnlineFixture } from '../../../../test/fixtures/online-fixture.ts';
import { skewInput } from '../../../shared/contract/skew.ts';
import { microsToIso } from '../../../shared/table/column.ts';

const definitions = (more = ''): string => `
kind: Entity
name: shop
keys: [{name: shop, type: int64}]
---
kind: FeatureView
name: visits
entities: [shop]
source: {push: true}
ttl: 4s
features:
  - {name: spent}
  - {name: note, type: string}
  - {name: sum_3s, aggregate: {fn: sum, of: spent, window: 3s}}
  - {name: notes, aggregate: {fn: count, of: note, window: 3s}}
---
kind: FeatureService
name: visiting
features: ["visits:*"]
log: {sample: 1}
${more}
`;

const START_MS = Date.UTC(2026, 0, 10);
const second = (at: number): string => microsToIso((START_MS + at * 1000) * 1000);

let fixture: OnlineFixture;

beforeEach(async () => {
  fixture = await OnlineFixture.open();
  fixture.nowMs = START_MS;
});
afterEach(() => {
  fixture.online.stop();
  fixture.parts.close();
});

const skew = async (input: Record<string, unknown> = {}) => {
  const service = (input['service'] as string | undefined) ?? 'visiting';
  await fixture.online.skew(fixture.work, skewInput.parse({ service, ...input }));
  return fixture.online.skewReport({ name: service }).report!;
};
const featureOf = (report: Awaited<ReturnType<typeof skew>>, name: string) =>
  report.features.find((one) => one.name === name)!;
const differences = ({ mismatch, missing, extra }: { mismatch: number; missing: number; extra: number }) =>
  mismatch + missing + extra;

const readAt = async (at: number, shops: readonly number[] = [1]): Promise<void> => {
  fixture.nowMs = START_MS + at * 1000;
  await fixture.read({ service: 'visiting', keys: shops.map((shop) => ({ shop })) });
};
const pushAt = async (
  at: number,
  rows: readonly { event: number; shop?: number; spent?: number | null }[],
) => {
  fixture.nowMs = START_MS + at * 1000;
  await fixture.push(
    'visits',
    rows.map(({ event, shop = 1, spent = null }) => ({
      shop,
      event_time: second(event),
      spent,
      note: spent === null ? null : `n${spent}`,
    })),
  );
};

describe('reads that were kept here', () => {
  let services = 0;

  it('never differ from what was known, whatever came when; and lateness explains what differs today', async () => {
    const anyStep = fc.record({
      after: fc.integer({ min: 1, max: 3 }),
      rows: fc.array(
        fc.record({
          shop: fc.integer({ min: 1, max: 2 }),
          event: fc.integer({ min: 0, max: 10 }),
          spent: fc.option(fc.integer({ min: -3, max: 3 })),
        }),
        { maxLength: 3 },
      ),
    });
    let late = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 2, maxLength: 6 }), async (steps) => {
        const suffix = `_${services++}`;
        fixture.apply(
          definitions()
            .replaceAll('name: visits', `name: visits${suffix}`)
            .replaceAll('"visits:', `"visits${suffix}:`)
            .replaceAll('name: visiting', `name: visiting${suffix}`),
        );
        let at = 0;
        for (const { after, rows } of steps) {
          at += after;
          fixture.nowMs = START_MS + at * 1000;
          const past = rows.filter(({ event }) => event <= at);
          if (past.length > 0) {
            await fixture.push(
              `visits${suffix}`,
              past.map(({ shop, event, spent }) => ({
                shop,
                event_time: second(event),
                spent,
                note: spent === null ? null : 'n',
              })),
            );
          }
          // Not in the instant of the push: which of the two came first cannot be told from times alone.
          fixture.nowMs += 500;
          await fixture.read({
            service: `visiting${suffix}`,
            keys: [{ shop: 1 }, { shop: 2 }, { shop: 3 }],
          });
        }
        const report = await skew({ service: `visiting${suffix}` });
        expect(report).toMatchObject({ skew: false, rows: steps.length * 3, logged: steps.length * 3 });
        for (const { asKnown, today, changedSince, knownLater } of report.features) {
          expect(differences(asKnown)).toBe(0);
          expect(changedSince).toBe(differences(today));
          expect(knownLater).toBe(0);
          late += changedSince;
        }
      }),
      { numRuns: 25 },
    );
    expect(late).toBeGreaterThan(0);
  }, 120_000);

  it('tell what came late with the values of both sides', async () => {
    fixture.apply(definitions());
    await pushAt(0, [{ event: 0, spent: 1 }]);
    await readAt(2);
    await pushAt(3, [{ event: 1, spent: 5 }]);
    const report = await skew();
    const spent = featureOf(report, 'visits__spent');
    expect(report).toMatchObject({ skew: false, source: { kind: 'log' }, rows: 1, firstRead: second(2) });
    expect(spent).toMatchObject({
      type: 'float64',
      asKnown: { equal: 1, mismatch: 0, smape: 0 },
      today: { equal: 0, mismatch: 1, smape: 4 / 3 },
      changedSince: 1,
    });
    expect(spent.examples).toEqual([
      {
        keys: { shop: 1 },
        at: second(2),
        difference: 'mismatch',
        cause: 'changed-since',
        online: 1,
        status: 'PRESENT',
        asKnown: 1,
        today: 5,
      },
    ]);
    expect(featureOf(report, 'visits__note').today).toMatchObject({ mismatch: 1, editDistance: 1 });
    expect(fixture.parts.audit.list().entries[0]).toMatchObject({
      action: 'features.skew',
      object: 'FeatureService/visiting',
      details: { rows: 1, skew: false, features: 4, skewed: 0 },
    });
  });

  it('are replayed by the definitions that answered them', async () => {
    fixture.apply(definitions());
    await pushAt(0, [{ event: 0, spent: 1 }]);
    await readAt(3);
    fixture.apply(definitions().replace('ttl: 4s', 'ttl: 1s').replace('window: 3s', 'window: 1s'));
    await fixture.online.materialize(fixture.work, { view: 'visits' });
    await readAt(3);
    const report = await skew();
    expect(report).toMatchObject({ skew: false, rows: 2 });
    expect(featureOf(report, 'visits__spent').asKnown.equal).toBe(2);
  });

  it('are taken from a stretch of time, both ends included', async () => {
    fixture.apply(definitions());
    for (const at of [1, 2, 3, 4]) await readAt(at);
    expect(await skew({ since: second(2), until: second(3) })).toMatchObject({
      rows: 2,
      firstRead: second(2),
      lastRead: second(3),
      since: second(2),
    });
    await expect(skew({ since: second(5) })).rejects.toMatchObject({ code: 'NO_ROWS' });
  });

  it('are taught when there are none', async () => {
    fixture.apply(definitions().replace('log: {sample: 1}', ''));
    await expect(skew()).rejects.toMatchObject({
      code: 'NO_ROWS',
      hint: expect.stringContaining('log: {sample: 0.1') as string,
    });
    expect(fixture.online.skewReport({ name: 'visiting' }).report).toBeNull();
  });

  it('are not compared any further once the work is cancelled', async () => {
    fixture.apply(definitions());
    await readAt(1);
    const aborted = { ...fixture.work, signal: AbortSignal.abort() };
    await expect(
      fixture.online.skew(aborted, skewInput.parse({ service: 'visiting' })),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(fixture.online.skewReport({ name: 'visiting' }).report).toBeNull();
  });
});

describe('reads of a dataset whose rows do not say when they became known', () => {
  const PRICES = `
kind: Entity
name: item
keys: [{name: item, type: string}]
---
kind: FeatureView
name: prices
entities: [item]
source: {dataset: prices}
online: true
features: [{name: price}]
---
kind: FeatureService
name: pricing
features: ["prices:*"]
log: {sample: 1}
`;
  const read = () => fixture.read({ service: 'pricing', keys: [{ item: 'pen' }] });
  const prices = (price: number) =>
    fixture.import('prices', `item,at,price\npen,2026-01-01T00:00:00Z,${price}\n`, { eventTime: 'at' });

  it('are compared with the import of their time; what was not materialized by then is skew', async () => {
    await prices(1);
    fixture.apply(PRICES);
    await fixture.online.materialize(fixture.work, {});
    fixture.nowMs += 1000;
    await read();
    fixture.nowMs += 1000;
    await prices(3);
    fixture.nowMs += 1000;
    await read();
    await fixture.online.materialize(fixture.work, {});
    await read();
    const report = await skew({ service: 'pricing' });
    expect(report.skew).toBe(true);
    expect(featureOf(report, 'prices__price')).toMatchObject({
      asKnown: { equal: 2, mismatch: 1 },
      today: { equal: 1, mismatch: 2 },
      changedSince: 1,
      knownLater: 0,
    });
    expect(
      featureOf(report, 'prices__price').examples.map(({ cause, online, asKnown }) => [
        cause,
        online,
        asKnown,
      ]),
    ).toEqual([
      ['unexplained', 1, 3],
      ['changed-since', 1, 1],
    ]);
  }, 30_000);
});

describe('values that were served elsewhere', () => {
  const LOG_HEADER = 'shop,event_time,visits__spent,visits__note';

  it('show what is altered, missing or extra, and what was known only later', async () => {
    fixture.apply(definitions());
    await pushAt(1, [
      { event: 0, shop: 1, spent: 10 },
      { event: 0, shop: 2, spent: 20 },
    ]);
    await pushAt(3, [{ event: 1, shop: 3, spent: 30 }]);
    const log = fixture.file(
      'served.csv',
      [
        LOG_HEADER,
        `1,${second(2)},10,n10`,
        `1,${second(2)},30,n11`,
        `2,${second(2)},,n20`,
        `4,${second(2)},7,`,
        `3,${second(2)},30,n30`,
      ].join('\n'),
    );
    const report = await skew({ log });
    expect(report).toMatchObject({
      skew: true,
      source: { kind: 'file', file: 'served.csv', eventTime: 'event_time' },
      rows: 5,
      absent: ['visits__sum_3s', 'visits__notes'],
    });
    expect(featureOf(report, 'visits__spent')).toMatchObject({
      asKnown: { equal: 1, mismatch: 1, missing: 1, extra: 2, smape: 0.5 },
      today: { equal: 2, mismatch: 1, missing: 1, extra: 1 },
      knownLater: 1,
      changedSince: 0,
    });
    expect(featureOf(report, 'visits__note').asKnown).toMatchObject({
      equal: 3,
      mismatch: 1,
      extra: 1,
      editDistance: 1 / 3,
    });
    expect(
      featureOf(report, 'visits__spent').examples.map(({ cause, difference, online, asKnown }) => [
        cause,
        difference,
        online,
        asKnown,
      ]),
    ).toEqual([
      ['unexplained', 'mismatch', 30, 10],
      ['unexplained', 'missing', null, 20],
      ['unexplained', 'extra', 7, null],
      ['known-later', 'extra', 30, null],
    ]);
    expect(await skew({ log, tolerance: 0.99 })).toMatchObject({ skew: true });
  });

  it('are the same within the tolerance', async () => {
    fixture.apply(definitions());
    await pushAt(1, [{ event: 0, spent: 10 }]);
    const log = fixture.file('served.csv', `shop,at,visits__spent\n1,${second(2)},10.0001\n`);
    expect(await skew({ log, eventTime: 'at' })).toMatchObject({ skew: true });
    expect(await skew({ log, eventTime: 'at', tolerance: 1e-4 })).toMatchObject({ skew: false });
  });

  it.each([
    ['no instant', `shop,visits__spent\n1,2\n`, 'UNKNOWN_COLUMN', 'event_time'],
    ['an empty instant', `${LOG_HEADER}\n1,${second(2)},1,a\n1,,1,a\n`, 'BAD_INPUT', 'Row 2'],
    ['no key', `event_time,visits__spent\n${second(2)},2\n`, 'UNKNOWN_COLUMN', 'shop'],
    ['no feature', `shop,event_time\n1,${second(2)}\n`, 'UNKNOWN_COLUMN', 'no column of a feature'],
    [
      'a feature that is none',
      `shop,event_time,visits__spend\n1,${second(2)},1\n`,
      'UNKNOWN_COLUMN',
      'visits__spend',
    ],
    ['text for a number', `${LOG_HEADER}\n1,${second(2)},much,a\n`, 'TYPE_MISMATCH', 'visits__spent'],
  ])('are refused with %s', async (_what, content, code, message) => {
    fixture.apply(definitions());
    await pushAt(1, [{ event: 0, spent: 10 }]);
    await expect(skew({ log: fixture.file('served.csv', content) })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });
});
