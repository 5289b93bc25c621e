import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
source: {dataset: sales, knownTime: booked_at}
features:
  - {name: amount}
  - {name: sum_2h, aggregate: {fn: sum, of: amount, window: 2h}}
---
kind: FeatureService
name: buying
features: ["sales:*"]
`;

const SALES = `shop,at,booked_at,amount
Dubai,2026-01-01T08:00:00Z,2026-01-01T08:05:00Z,10
Dubai,2026-01-01T09:00:00Z,2026-01-01T11:00:00Z,20
Sharjah,2026-01-01T09:30:00Z,2026-01-01T09:31:00Z,5
`;

const ENTITIES = `order,shop,event_time
c,Sharjah,2026-01-01T10:00:00Z
a,Dubai,2026-01-01T10:00:00Z
a,Dubai,2026-01-01T10:00:00Z
b,Ajman,2026-01-01T10:00:00Z
`;

let parts: EngineParts;
let data: DataRoom;
let features: FeatureRoom;

const file = (name: string, content: string): string => {
  const target = path.join(parts.folder, name);
  writeFileSync(target, content);
  return target;
};

beforeEach(async () => {
  parts = await openParts([dataMigrations, featuresMigrations]);
  data = new DataRoom(parts);
  features = new FeatureRoom({ ...parts, data });
  const sales = {
    name: 'sales',
    files: [file('sales.csv', SALES)],
    eventTime: 'at',
    labels: [],
    purposes: [],
    every: 1,
    derive: [],
  };
  await data.import(context, sales);
  features.apply({ documents: [{ file: 'falaj.yaml', text: DEFINITIONS }], prune: false });
});
afterEach(() => parts.close());

const historical = (
  changes: {
    asKnown?: string;
    names?: 'full' | 'feature';
    out?: string;
    features?: string[];
    service?: string;
  } = {},
) =>
  features.historical(context, {
    ...(changes.features === undefined ? { service: 'buying' } : {}),
    entities: file('entities.csv', ENTITIES),
    eventTime: 'event_time',
    out: path.join(parts.folder, 'out.csv'),
    names: 'full',
    ...changes,
  });
const written = (name = 'out.csv'): string[] =>
  readFileSync(path.join(parts.folder, name), 'utf8').trim().split('\n');

describe('historical features of a file', () => {
  it('are written beside the same rows in the same order', async () => {
    const out = path.join(parts.folder, 'out.csv');
    expect(await historical()).toEqual({
      file: out,
      rows: 4,
      columns: 5,
      data: [{ name: 'sales', version: 1, digest: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    expect(
      written().map((line) =>
        line
          .split(',')
          .filter((_, index) => index !== 2)
          .join(','),
      ),
    ).toEqual([
      'order,shop,sales__amount,sales__sum_2h',
      'c,Sharjah,5,5.0',
      'a,Dubai,20,20.0',
      'a,Dubai,20,20.0',
      'b,Ajman,,',
    ]);
    expect(readdirSync(parts.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('are the same from a dataset that came in parts, with a row that was corrected', async () => {
    await historical();
    const whole = written();
    const [head, ...lines] = SALES.trim().split('\n');
    const before = `Dubai,2026-01-01T09:00:00Z,2026-01-01T11:00:00Z,999`;
    for (const [index, line] of [lines[0], before, lines[2], lines[1]].entries())
      await data.import(context, {
        name: 'sales',
        files: [file(`part${index}.csv`, `${head}\n${line}\n`)],
        mode: index === 0 ? 'replace' : 'upsert',
        keys: ['shop'],
        eventTime: 'at',
        labels: [],
        purposes: [],
        every: 1,
        derive: [],
      });
    expect(data.get({ name: 'sales' })).toMatchObject({ version: 5, rows: 3 });
    await historical();
    expect(written()).toEqual(whole);
  });

  it('leave out what was not yet known at the time of the row, or at an instant', async () => {
    await historical({ asKnown: 'row', names: 'feature' });
    expect(written()[0]).toBe('order,shop,event_time,amount,sum_2h');
    expect(written()[2]).toMatch(/^a,Dubai,.*,10,/);
    await historical({ asKnown: '2026-01-01T11:00:00Z' });
    expect(written()[2]).toMatch(/^a,Dubai,.*,20,20/);
  });

  it('may be asked for one by one', async () => {
    expect(await historical({ features: ['sales:sum_2h'] })).toMatchObject({ columns: 4 });
    await expect(historical({ features: ['sales:sum_3h'] })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: 'Did you mean "sum_2h"?',
    });
  });

  it('say their times with their zone', async () => {
    await historical();
    expect(written()[1]!.split(',')[2]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('are not begun for a folder that is not there, nor for two requests at once', async () => {
    await expect(historical({ out: path.join(parts.folder, 'nowhere', 'out.csv') })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
    const asked = historical({ features: ['sales:sum_2h'], service: 'buying' });
    await expect(asked).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(parts.audit.list({ action: 'features.historical' }).entries).toEqual([]);
  });

  it('are on record before they leave, without any value', async () => {
    await historical();
    const [entry] = parts.audit.list({ action: 'features.historical' }).entries;
    expect(entry).toMatchObject({
      object: 'FeatureService/buying',
      details: { rows: 4, columns: 2, format: 'csv' },
    });
    expect(JSON.stringify(entry)).not.toContain('Dubai');
  });

  it('need a column of times', async () => {
    const entities = file('timeless.csv', 'shop\nDubai\n');
    const asked = features.historical(context, {
      service: 'buying',
      entities,
      eventTime: 'event_time',
      out: path.join(parts.folder, 'none.csv'),
      names: 'full',
    });
    await expect(asked).rejects.toMatchObject({ code: 'UNKNOWN_COLUMN' });
    expect(readdirSync(parts.folder)).not.toContain('none.csv');
  });
});

describe('FeatureRoom', () => {
  it('shows a sample of a view at the times of its newest rows', async () => {
    const sample = await features.sample({ name: 'sales', limit: 2 });
    expect(sample.columns.map(({ name }) => name)).toEqual(['shop', 'at', 'sales__amount', 'sales__sum_2h']);
    expect(sample.totalRows).toBe(3);
    expect(sample.rows.map((row) => row.slice(0, 2))).toEqual([
      ['Sharjah', '2026-01-01T09:30:00Z'],
      ['Dubai', '2026-01-01T09:00:00Z'],
    ]);
  });

  it('knows which services use a view, also after a restart', () => {
    const again = new FeatureRoom({ ...parts, data: new DataRoom(parts) });
    expect(again.view({ name: 'sales' })).toMatchObject({ version: 1, usedBy: ['buying'] });
    expect(again.entities().map(({ name }) => name)).toEqual(['shop']);
  });
});
