import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../../test/fixtures/engine-parts.ts';
import { silentJob as context } from '../../../../test/fixtures/silent-job.ts';
import type { Column, Table } from '../../../shared/table/column.ts';
import { DataRoom, dataMigrations, readTableFile, writeTableFile } from '../../data/index.ts';
import { registryMigrations } from '../../registry/index.ts';
import { FeatureRoom, featuresMigrations } from '../index.ts';

/** Sets of more rows than a row group of the file has: they are written while they are computed. */
const ROWS = 131_072 + 70_000;
const SHOPS = 5_000;
const MINUTE = 60_000_000;
const START = Date.UTC(2026, 0, 1) * 1000;

const DEFINITIONS = `kind: Entity
name: shop
keys: [{name: shop, type: int64}]
---
kind: FeatureView
name: sales
entities: [shop]
source: {dataset: sales}
ttl: 2d
features: [{name: amount}, {name: city}, {name: open}, {name: visits}]
---
kind: FeatureView
name: totals
entities: [shop]
source: {dataset: sales}
features: [{name: spent, type: float64, aggregate: {fn: sum, of: amount, window: 1d}}]
---
kind: FeatureView
name: open_days
entities: [shop]
source: {dataset: sales, filter: "open"}
features:
  - {name: lowest, type: float64, aggregate: {fn: min, of: amount, window: 2d}}
  - {name: visits}
  - {name: newest_city, aggregate: {fn: last, of: city, window: 2d}, type: string}
---
kind: FeatureView
name: asked
entities: [shop]
source: {request: [{name: note, type: string}]}
features: [{name: label, type: string, expression: "note || shop"}]
`;

const numbers = (rows: number, of: (row: number) => number): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => of(row));

function sales(rows: number): Table {
  const mask = (every: number): Uint8Array =>
    Uint8Array.from({ length: rows }, (_, row) => (row % every ? 1 : 0));
  const columns: Column[] = [
    { name: 'shop', type: 'int64', validity: null, values: numbers(rows, (row) => row % SHOPS) },
    { name: 'at', type: 'timestamp', validity: null, values: numbers(rows, (row) => START + row * MINUTE) },
    { name: 'amount', type: 'float64', validity: mask(3), values: numbers(rows, (row) => (row % 977) / 100) },
    {
      name: 'city',
      type: 'string',
      validity: mask(5),
      values: Uint32Array.from({ length: rows }, (_, row) => row % 3),
      dictionary: ['Dubai', 'دبي', ''],
    },
    {
      name: 'open',
      type: 'bool',
      validity: null,
      values: Uint8Array.from({ length: rows }, (_, row) => row & 1),
    },
    { name: 'visits', type: 'int64', validity: mask(7), values: numbers(rows, (row) => row - 4_000) },
  ];
  return { rows, columns };
}

const entities = (rows: number): Table => ({
  rows,
  columns: [
    { name: 'note', type: 'string', validity: null, values: new Uint32Array(rows), dictionary: ['a'] },
    {
      name: 'shop',
      type: 'int64',
      validity: null,
      values: numbers(rows, (row) => (row * 7) % (SHOPS + 100)),
    },
    {
      name: 'event_time',
      type: 'timestamp',
      validity: null,
      values: numbers(rows, (row) => START + ((row * 13) % 40_000) * MINUTE),
    },
  ],
});

let parts: EngineParts;
let features: FeatureRoom;
const at = (name: string): string => path.join(parts.folder, name);
const build = (out: string, receipt?: string) =>
  features.historical(context, {
    features: ['sales:*', 'totals:*', 'open_days:*', 'asked:*'],
    entities: at('entities.parquet'),
    eventTime: 'event_time',
    out: at(out),
    names: 'full',
    ...(receipt === undefined ? {} : { receipt: at(receipt) }),
  });

beforeAll(async () => {
  parts = await openParts([dataMigrations, featuresMigrations, registryMigrations]);
  const data = new DataRoom(parts);
  features = new FeatureRoom({ ...parts, data });
  await writeTableFile(sales(30_000), at('sales.parquet'), 'parquet');
  await writeTableFile(entities(ROWS), at('entities.parquet'), 'parquet');
  await data.import(context, {
    name: 'sales',
    files: [at('sales.parquet')],
    eventTime: 'at',
    labels: [],
    purposes: [],
    every: 1,
    derive: [],
  });
  features.apply({ documents: [{ file: 'falaj.yaml', text: DEFINITIONS }], prune: false });
}, 60_000);
afterAll(() => parts.close());

describe('a set that is written while it is computed', () => {
  it('has the rows and the receipt of one that is computed first', { timeout: 120_000 }, async () => {
    const written = await build('set.parquet', 'receipt.json');
    expect(written).toMatchObject({ rows: ROWS, columns: 12 });
    // Arrow is written from a whole set in memory.
    const whole = await build('set.arrow', 'whole.json');
    expect(written.receipt!.contentHash).toBe(whole.receipt!.contentHash);
    const [inStretches, atOnce] = await Promise.all(
      ['set.parquet', 'set.arrow'].map((name) => readTableFile(at(name))),
    );
    expect(inStretches!.columns.map(({ name, type }) => [name, type])).toEqual(
      atOnce!.columns.map(({ name, type }) => [name, type]),
    );
    const present = inStretches!.columns.map(
      ({ validity }) => validity?.reduce((sum, one) => sum + one, 0) ?? ROWS,
    );
    expect(Math.min(...present)).toBeGreaterThan(1000);
    // It is built again with nothing but its hashes, and as the same file.
    const verification = await features.verify(context, { receipt: at('receipt.json') });
    expect(verification).toMatchObject({ verified: true, differences: [], file: null });
    const again = await features.verify(context, { receipt: at('receipt.json'), out: at('again.parquet') });
    expect(again).toMatchObject({ verified: true, rebuilt: verification.rebuilt });
    expect(readFileSync(at('again.parquet')).equals(readFileSync(at('set.parquet')))).toBe(true);
  });

  it('leaves nothing when it is stopped', async () => {
    const stop = new AbortController();
    const stopped = features.historical(
      {
        ...context,
        signal: stop.signal,
        progress: ({ fraction }) => void ((fraction ?? 0) > 0.5 && stop.abort()),
      },
      {
        features: ['sales:*'],
        entities: at('entities.parquet'),
        eventTime: 'event_time',
        out: at('stopped.parquet'),
        names: 'full',
      },
    );
    await expect(stopped).rejects.toThrow();
    expect(readdirSync(parts.folder).filter((name) => name.startsWith('stopped'))).toEqual([]);
  });
});
