import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FeatureWorkspace, openFeatureWorkspace } from '../../../../test/fixtures/feature-workspace.ts';

let workspace: FeatureWorkspace;
beforeEach(async () => {
  workspace = await openFeatureWorkspace();
  workspace.apply({ kind: 'Entity', name: 'shop', keys: [{ name: 'shop', type: 'string' }] });
});
afterEach(() => workspace.close());

const START = "TIMESTAMP '2026-01-01 00:00:00'";
const history = (rows: number, value: string): Promise<string> =>
  workspace.parquet(
    `SELECT 's' || (i % 4) AS shop, ${START} + to_hours(CAST(i AS BIGINT)) AS at, ${value} AS value FROM range(${rows}) t(i)`,
  );
const view = (): void =>
  workspace.apply({
    kind: 'FeatureView',
    name: 'sales',
    entities: ['shop'],
    source: { dataset: 'sales' },
    features: [
      { name: 'value' },
      { name: 'high', type: 'bool', expression: 'value > 50' },
      { name: 'day', aggregate: { fn: 'count', of: '*', window: '24h' } },
    ],
  });

describe('the statistics of a view', () => {
  it('are of every feature at the times of its rows, and kept with those of earlier imports', async () => {
    await workspace.importHistory({
      name: 'sales',
      file: await history(100, 'CASE WHEN i < 10 THEN NULL ELSE i END'),
    });
    view();
    const [first] = await workspace.features.statistics({ name: 'sales' });
    expect(first).toMatchObject({ dataset: { name: 'sales', version: 1 }, rows: 100, sampledRows: 100 });
    expect(
      first!.features.map(({ name, rows, nulls, min, max }) => ({ name, rows, nulls, min, max })),
    ).toEqual([
      { name: 'value', rows: 100, nulls: 10, min: 10, max: 99 },
      { name: 'high', rows: 100, nulls: 10, min: false, max: true },
      // each shop has a row every four hours, and its own row counts
      { name: 'day', rows: 100, nulls: 0, min: 1, max: 6 },
    ]);
    expect(await workspace.features.statistics({ name: 'sales' })).toEqual([first]);

    await workspace.importHistory({ name: 'sales', file: await history(40, 'i * 2') });
    const entries = await workspace.features.statistics({ name: 'sales' });
    expect(entries).toHaveLength(2);
    expect(entries[0]).toMatchObject({ dataset: { version: 2 }, rows: 40 });
    expect(entries[0]!.features[0]).toMatchObject({ nulls: 0, max: 78 });
    expect(entries[1]).toEqual(first);
  });

  it('look at rows in equal steps where there are many', async () => {
    await workspace.importHistory({ name: 'sales', file: await history(120_000, 'i') });
    view();
    const [entry] = await workspace.features.statistics({ name: 'sales' });
    expect(entry).toMatchObject({ rows: 120_000, sampledRows: 40_000 });
    expect(entry!.features[0]).toMatchObject({ rows: 40_000, min: 0, max: 119_997 });
  });
});
