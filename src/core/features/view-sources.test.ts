import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { silentJob as context } from '../../../test/fixtures/silent-job.ts';
import { DataRoom, dataMigrations } from '../data/index.ts';
import { FeatureRoom, featuresMigrations } from './index.ts';

const DEFINITIONS = `
kind: Entity
name: shop
keys: [{name: shop, type: string}]
---
kind: FeatureView
name: sales
entities: [shop]
source: {dataset: sales, knownTime: booked, keys: {shop: branch}, filter: "amount > 0"}
ttl: 1h
features:
  - {name: price, column: amount}
  - {name: dear, type: bool, expression: "amount >= 20"}
---
kind: FeatureView
name: recent
entities: [shop]
source: {view: sales, filter: "price < 100"}
features:
  - {name: price}
  - {name: double, expression: "price * 2"}
  - {name: dear_1d, aggregate: {fn: sum, of: dear, window: 1d}}
  - {name: rows_1d, aggregate: {fn: count, of: "*", window: 1d}}
---
kind: FeatureView
name: asked
entities: [shop]
source: {request: [{name: offer, type: float64}]}
features:
  - {name: good, type: bool, expression: "offer / 2 > 10"}
  - {name: label, type: string, expression: "shop || ':' || offer"}
---
kind: FeatureService
name: all
features: ["recent:*", {view: asked, as: bid, keys: {offer: bid}}]
`;

const SALES = `branch,at,booked,amount
Dubai,2026-01-01T08:00:00Z,2026-01-01T08:05:00Z,10
Dubai,2026-01-01T09:00:00Z,2026-01-01T11:00:00Z,20
Dubai,2026-01-01T09:30:00Z,2026-01-01T09:31:00Z,-5
Dubai,2026-01-01T09:40:00Z,2026-01-01T09:41:00Z,500
`;

let parts: EngineParts;
let features: FeatureRoom;

const file = (name: string, content: string): string => {
  const target = path.join(parts.folder, name);
  writeFileSync(target, content);
  return target;
};

beforeEach(async () => {
  parts = await openParts([dataMigrations, featuresMigrations]);
  const data = new DataRoom(parts);
  features = new FeatureRoom({ ...parts, data });
  const files = [file('sales.csv', SALES)];
  await data.import(context, {
    name: 'sales',
    files,
    eventTime: 'at',
    labels: [],
    purposes: [],
    every: 1,
    derive: [],
  });
  features.apply({ documents: [{ file: 'falaj.yaml', text: DEFINITIONS }], prune: false });
});
afterEach(() => parts.close());

async function rows(entities: string, asKnown?: string): Promise<string[]> {
  const out = path.join(parts.folder, 'out.csv');
  await features.historical(context, {
    service: 'all',
    entities: file('entities.csv', entities),
    eventTime: 'event_time',
    out,
    names: 'full',
    ...(asKnown === undefined ? {} : { asKnown }),
  });
  return readFileSync(out, 'utf8').trim().split('\n');
}

describe('a view on a view', () => {
  it('reads the rows that the other lets through, at their times, whatever their age', async () => {
    expect(await rows('shop,event_time,bid\nDubai,2026-01-01T10:30:00Z,30\n')).toEqual([
      'shop,event_time,bid,recent__price,recent__double,recent__dear_1d,recent__rows_1d,bid__good,bid__label',
      'Dubai,2026-01-01T10:30:00Z,30,20,40,1.0,2.0,true,Dubai:30.0',
    ]);
  });

  it('knows of them when the other did', async () => {
    expect((await rows('shop,event_time,bid\nDubai,2026-01-01T10:30:00Z,30\n', 'row'))[1]).toMatch(
      /,30,10,20,0\.0,1\.0,/,
    );
  });

  it('shows its newest rows', async () => {
    const sample = await features.sample({ name: 'recent', limit: 1 });
    expect(sample.rows).toEqual([['Dubai', '2026-01-01T09:00:00Z', 10, 20, 0, 1]]);
    expect(sample.totalRows).toBe(2);
  });
});

describe('a view on requests', () => {
  it('names the nearest of the columns when one is missing', async () => {
    await expect(rows('shop,event_time,bids\nDubai,2026-01-01T10:00:00Z,30\n')).rejects.toMatchObject({
      code: 'UNKNOWN_COLUMN',
      message: '"entities.csv" has no column "bid" for request column "offer" of view "asked".',
      hint: 'Did you mean "bids"?',
    });
  });

  it('refuses a column of another type', async () => {
    await expect(rows('shop,event_time,bid\nDubai,2026-01-01T10:00:00Z,much\n')).rejects.toMatchObject({
      code: 'TYPE_MISMATCH',
      details: { features: 'float64', entities: 'string' },
    });
  });

  it('computes on null keys as well', async () => {
    const answered = await rows('shop,event_time,bid\n,2026-01-01T10:30:00Z,30\nDubai,,\n');
    expect(answered.slice(1)).toEqual([',2026-01-01T10:30:00Z,30,,,,0.0,true,', 'Dubai,,,,,,0.0,,']);
  });

  it('has no rows to show', async () => {
    expect(await features.sample({ name: 'asked' })).toEqual({ columns: [], rows: [], totalRows: 0 });
  });
});
