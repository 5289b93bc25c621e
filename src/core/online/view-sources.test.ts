import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OnlineFixture } from '../../../test/fixtures/online-fixture.ts';

const DEFINITIONS = `
kind: Entity
name: shop
keys: [{name: shop, type: string}]
---
kind: FeatureView
name: bids
entities: [shop]
source: {push: true}
features: [{name: amount}]
---
kind: FeatureView
name: high
entities: [shop]
source: {view: bids, filter: "amount > 5"}
online: true
features:
  - {name: amount}
  - {name: twice, expression: "amount * 2"}
  - {name: rows_1d, aggregate: {fn: count, of: amount, window: 1d}}
---
kind: FeatureView
name: asked
entities: [shop]
source: {request: [{name: bid, type: float64}]}
online: true
features: [{name: label, type: string, expression: "shop || ':' || bid"}]
---
kind: FeatureService
name: bidding
features: ["high:*", "asked:*"]
`;

let fixture: OnlineFixture;
beforeEach(async () => {
  fixture = await OnlineFixture.open();
  fixture.apply(DEFINITIONS);
});
afterEach(() => fixture.parts.close());

const bid = (shop: string, hour: number, amount: number) => ({
  shop,
  event_time: new Date(fixture.nowMs - hour * 3_600_000).toISOString(),
  amount,
});

const materialize = () => fixture.online.materialize(fixture.work, {});

describe('online, a view on a view', () => {
  it('has the rows that its filter lets through, and takes in what is pushed to the other', async () => {
    await fixture.push('bids', [bid('Dubai', 3, 9), bid('Dubai', 2, 8), bid('Dubai', 1, 1)]);
    await materialize();
    const read = async () =>
      (await fixture.read({ features: ['high:*'], keys: [{ shop: 'Dubai' }] }))[0]!.values;
    expect(await read()).toEqual({ high__amount: 8, high__twice: 16, high__rows_1d: 2 });
    await fixture.push('bids', [bid('Dubai', 0, 7), bid('Dubai', 0, 2)]);
    expect(fixture.online.state({ name: 'high' })).toMatchObject({ rows: 3, waitingRows: 2 });
    expect((await materialize()).views).toEqual([
      { view: 'high', mode: 'incremental', rows: 1, entities: 1 },
    ]);
    expect(await read()).toEqual({ high__amount: 7, high__twice: 14, high__rows_1d: 3 });
  });

  it('becomes stale when the other changes, and takes no rows itself', async () => {
    await fixture.push('bids', [bid('Dubai', 1, 9)]);
    await materialize();
    fixture.apply(
      DEFINITIONS.replace('features: [{name: amount}]', 'features: [{name: amount}, {name: other}]'),
    );
    expect(fixture.online.state({ name: 'high' }).status).toBe('stale');
    await expect(fixture.push('high', [bid('Dubai', 1, 9)])).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('online, a view that is computed from each request', () => {
  it('reads its columns from the keys', async () => {
    await materialize();
    const [row] = await fixture.read({ service: 'bidding', keys: [{ shop: 'Dubai', bid: 2.5 }] });
    expect(row).toMatchObject({
      values: { asked__label: 'Dubai:2.5', high__rows_1d: 0 },
      status: { asked__label: 'PRESENT', high__amount: 'NOT_FOUND' },
      eventTime: { asked: null, high: null },
    });
    await expect(fixture.read({ service: 'bidding', keys: [{ shop: 'Dubai' }] })).rejects.toMatchObject({
      code: 'UNKNOWN_COLUMN',
      details: { field: 'bid' },
    });
  });

  it('has nothing to materialize', async () => {
    await expect(fixture.online.materialize(fixture.work, { view: 'asked' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('computed from each request'),
    });
  });
});
