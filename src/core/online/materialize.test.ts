import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OnlineFixture } from '../../../test/fixtures/online-fixture.ts';
import type { Column } from '../../shared/table/column.ts';

const DEFINITIONS = `
kind: Entity
name: shop
keys: [{name: shop, type: string}]
---
kind: FeatureView
name: sales
entities: [shop]
source: {dataset: sales, keys: {shop: place}}
ttl: 1h
online: true
features:
  - {name: amount}
  - {name: big, type: bool, expression: "amount > 12"}
  - {name: note, type: string}
  - {name: sum_2h, aggregate: {fn: sum, of: amount, window: 2h}}
  - {name: rows_1d, aggregate: {fn: count, of: "*", window: 1d}}
---
kind: FeatureService
name: buying
features: ["sales:*"]
`;

const SALES = `place,at,booked_at,amount,note
Dubai,2026-01-09T08:00:00Z,2026-01-09T08:05:00Z,10,first
Dubai,2026-01-09T09:00:00Z,2026-01-09T11:00:00Z,20,
Sharjah,2026-01-09T09:30:00Z,2026-01-09T09:31:00Z,5,دبي
`;

let fixture: OnlineFixture;

beforeEach(async () => {
  fixture = await OnlineFixture.open();
  await fixture.import('sales', SALES, { eventTime: 'at', knownTime: 'booked_at' });
  fixture.apply(DEFINITIONS);
});
afterEach(() => fixture.parts.close());

const materialize = (input: { view?: string; since?: string; until?: string } = {}) =>
  fixture.online.materialize(fixture.work, input);

const shops = (...names: string[]): Column => ({
  name: 'shop',
  type: 'string',
  validity: null,
  values: Uint32Array.from(names.keys()),
  dictionary: names,
});

const micros = (iso: string): number => Date.parse(iso) * 1000;

describe('materializing', () => {
  it('gives the values and statuses of an instant by view__feature', async () => {
    fixture.nowMs = Date.parse('2026-01-09T10:00:00Z');
    expect(await materialize({ view: 'sales' })).toEqual({
      views: [{ view: 'sales', mode: 'full', rows: 3, entities: 2 }],
    });
    expect(
      await fixture.read({
        service: 'buying',
        keys: [{ shop: 'Sharjah' }, { shop: 'Dubai' }, { shop: 'Ajman' }],
      }),
    ).toEqual([
      {
        keys: { shop: 'Sharjah' },
        values: {
          sales__amount: 5,
          sales__big: false,
          sales__note: 'دبي',
          sales__sum_2h: 5,
          sales__rows_1d: 1,
        },
        status: {
          sales__amount: 'PRESENT',
          sales__big: 'PRESENT',
          sales__note: 'PRESENT',
          sales__sum_2h: 'PRESENT',
          sales__rows_1d: 'PRESENT',
        },
        eventTime: { sales: '2026-01-09T09:30:00Z' },
      },
      {
        keys: { shop: 'Dubai' },
        values: {
          sales__amount: null,
          sales__big: null,
          sales__note: null,
          sales__sum_2h: null,
          sales__rows_1d: 1,
        },
        status: {
          sales__amount: 'EXPIRED',
          sales__big: 'EXPIRED',
          sales__note: 'EXPIRED',
          sales__sum_2h: 'EXPIRED',
          sales__rows_1d: 'PRESENT',
        },
        eventTime: { sales: '2026-01-09T08:00:00Z' },
      },
      {
        keys: { shop: 'Ajman' },
        values: {
          sales__amount: null,
          sales__big: null,
          sales__note: null,
          sales__sum_2h: null,
          sales__rows_1d: 0,
        },
        status: {
          sales__amount: 'NOT_FOUND',
          sales__big: 'NOT_FOUND',
          sales__note: 'NOT_FOUND',
          sales__sum_2h: 'NOT_FOUND',
          sales__rows_1d: 'NOT_FOUND',
        },
        eventTime: { sales: null },
      },
    ]);
  });

  it('reads only what is asked for', async () => {
    await materialize();
    const [row] = await fixture.read({ features: ['sales:note'], keys: [{ shop: 'Dubai' }] });
    expect(Object.keys(row!.values)).toEqual(['sales__note']);
  });

  it('equals the join at any instant, before, at and after the run', async () => {
    fixture.nowMs = Date.parse('2026-01-09T09:15:00Z');
    await materialize();
    const keys = shops('Dubai', 'Sharjah', 'Ajman');
    for (const at of [
      '2026-01-09T07:59:59.999999Z',
      '2026-01-09T08:05:00Z',
      '2026-01-09T09:15:00Z',
      '2026-01-09T09:31:00Z',
      '2026-01-09T11:00:00Z',
      '2026-01-10T08:00:00Z',
    ]) {
      const online = await fixture.read({
        service: 'buying',
        keys: keys.type === 'string' ? keys.dictionary.map((shop) => ({ shop })) : [],
        at,
      });
      expect(
        online.map(({ values }) => values),
        at,
      ).toEqual(
        await fixture.offline(
          'buying',
          [keys],
          micros(at.replace('.999999', '')) + (at.includes('.999999') ? 999_999 : 0),
        ),
      );
    }
  });

  it('takes both ends of its bounds in, and afterwards the rest', async () => {
    const bounds = { since: '2026-01-09T08:00:00Z', until: '2026-01-09T09:00:00Z' };
    expect((await materialize({ view: 'sales', ...bounds })).views).toEqual([
      { view: 'sales', mode: 'bounded', rows: 2, entities: 1 },
    ]);
    expect(fixture.online.state({ name: 'sales' })).toMatchObject({
      status: 'ready',
      rows: 0,
      waitingRows: 3,
    });
    expect((await materialize({ view: 'sales' })).views[0]).toMatchObject({ rows: 3, entities: 2 });
    expect(fixture.online.state({ name: 'sales' })).toMatchObject({ rows: 3, waitingRows: 0, entities: 2 });
    expect((await materialize({ view: 'sales' })).views[0]).toMatchObject({
      mode: 'incremental',
      rows: 0,
      entities: 0,
    });
  });

  it('is made anew from a new version of its dataset, without what that no longer holds', async () => {
    await materialize();
    await fixture.import(
      'sales',
      `place,at,booked_at,amount,note\nAjman,2026-01-09T23:30:00Z,2026-01-09T23:30:00Z,3,n\n`,
      {
        eventTime: 'at',
        knownTime: 'booked_at',
      },
    );
    expect(fixture.online.state({ name: 'sales' })).toMatchObject({ waitingRows: 1 });
    await materialize();
    const rows = await fixture.read({
      features: ['sales:amount'],
      keys: [{ shop: 'Ajman' }, { shop: 'Dubai' }],
    });
    expect(rows.map(({ status }) => status['sales__amount'])).toEqual(['PRESENT', 'NOT_FOUND']);
    const { rows: kept } = fixture.parts.store
      .statement<{ rows: number }>('SELECT count(*) AS rows FROM online_row')
      .get()!;
    expect(kept).toBe(1);
  });

  it('takes in only what was appended to its dataset, late rows among it', async () => {
    await materialize();
    const more = `place,at,booked_at,amount,note
Dubai,2026-01-09T07:00:00Z,2026-01-09T22:00:00Z,1,late
Ajman,2026-01-09T23:30:00Z,2026-01-09T23:30:00Z,3,new
`;
    await fixture.import('sales', more, { eventTime: 'at', knownTime: 'booked_at' }, 'append');
    expect(fixture.online.state({ name: 'sales' })).toMatchObject({ rows: 3, waitingRows: 2 });
    expect((await materialize()).views).toEqual([
      { view: 'sales', mode: 'incremental', rows: 2, entities: 2 },
    ]);
    expect(fixture.online.state({ name: 'sales' })).toMatchObject({ rows: 5, waitingRows: 0, entities: 3 });
    expect((await materialize()).views[0]).toMatchObject({ rows: 0 });
    const rows = await fixture.read({
      features: ['sales:amount'],
      keys: [{ shop: 'Ajman' }, { shop: 'Dubai' }],
    });
    expect(rows.map(({ eventTime }) => eventTime['sales'])).toEqual([
      '2026-01-09T23:30:00Z',
      '2026-01-09T09:00:00Z',
    ]);
  });

  it('refuses to read rows that a changed definition no longer means', async () => {
    const read = () => fixture.read({ features: ['sales:amount'], keys: [{ shop: 'Dubai' }] });
    await expect(read()).rejects.toMatchObject({
      code: 'CONFLICT',
      hint: expect.stringContaining('materialize sales'),
    });
    await materialize();
    await read();
    fixture.apply(DEFINITIONS.replace('window: 2h', 'window: 3h'));
    await expect(read()).rejects.toMatchObject({
      code: 'CONFLICT',
      hint: expect.stringContaining('materialize sales'),
    });
    expect(fixture.online.state({ name: 'sales' }).status).toBe('stale');
    await materialize();
    await read();
    // A new time to live is a matter of reading.
    fixture.apply(DEFINITIONS.replace('window: 2h', 'window: 3h').replace('ttl: 1h', 'ttl: 2h'));
    await read();
  });

  it('is recorded once a run, and stops where it is told to', async () => {
    await materialize();
    const entries = fixture.parts.audit.list({ action: 'features.materialize' }).entries;
    expect(entries).toHaveLength(1);
    const stopped = { ...fixture.work, signal: AbortSignal.abort() };
    await expect(fixture.online.materialize(stopped, { view: 'sales' })).rejects.toThrow();
    await expect(materialize({ since: '2026-01-02', until: '2026-01-01' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
  });

  it('does not replace what another run has made meanwhile', async () => {
    const runs = await Promise.allSettled([materialize({ view: 'sales' }), materialize({ view: 'sales' })]);
    expect(runs.map(({ status }) => status)).toContain('fulfilled');
    for (const run of runs)
      if (run.status === 'rejected') expect(run.reason).toMatchObject({ code: 'CONFLICT' });
    expect(fixture.online.state({ name: 'sales' })).toMatchObject({ status: 'ready', entities: 2, rows: 3 });
  });

  it('is the only way into a view of a dataset', async () => {
    await expect(fixture.push('sales', [{ shop: 'Dubai' }])).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
