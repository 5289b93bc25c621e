import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { datasetOf } from '../../../../test/fixtures/dataset-of.ts';
import { entityDefinition, featureViewDefinition } from '../../../shared/definitions/features.ts';
import type { Column, Table } from '../../../shared/table/column.ts';
import { collectGarbage } from '../../memory/index.ts';
import { computeFeatures } from './compute/feature-task.ts';
import { FeatureJoin, type JoinedPart, joinFeatures } from './join-features.ts';
import { planJoin } from './join-plan.ts';
import type { JoinedData } from './joined-data.ts';

const VIEWS = 6;
const ROWS = 500;

const numbers = (
  name: string,
  type: 'int64' | 'timestamp' | 'float64',
  of: (row: number) => number,
): Column => ({
  name,
  type,
  validity: null,
  values: Float64Array.from({ length: ROWS }, (_, row) => of(row)),
});

const facts = (seed: number): Table => ({
  rows: ROWS,
  columns: [
    numbers('shop', 'int64', (row) => row % 7),
    numbers('event', 'timestamp', (row) => (row * 31) % 400),
    numbers('amount', 'float64', (row) => ((row + seed) * 17) % 101),
  ],
});
const spine: Table = {
  rows: ROWS,
  columns: [
    numbers('shop', 'int64', (row) => row % 9),
    numbers('at', 'timestamp', (row) => (row * 13) % 450),
  ],
};

/** Data that tells which datasets were loaded, one by one. */
function counted(): { readonly data: JoinedData; readonly loads: string[] } {
  const loads: string[] = [];
  const data: JoinedData = {
    get: ({ name }) => datasetOf(name, facts(0), null),
    load: async ({ name }) => {
      loads.push(name);
      return facts(Number(name.slice(1)));
    },
  };
  return { data, loads };
}

const entity = entityDefinition.parse({
  kind: 'Entity',
  name: 'shop',
  keys: [{ name: 'shop', type: 'int64' }],
});
const planned = (datasetOf: (view: number) => string) =>
  planJoin(
    Array.from({ length: VIEWS }, (_, index) => `v${index}:*`),
    {
      entity: () => entity,
      view: (name) =>
        featureViewDefinition.parse({
          kind: 'FeatureView',
          name,
          entities: ['shop'],
          source: { dataset: datasetOf(Number(name.slice(1))) },
          features: [
            { name: 'total', aggregate: { fn: 'sum', of: 'amount', window: '90us' } },
            { name: 'amount' },
            { name: 'most', aggregate: { fn: 'max', of: 'amount', window: '20us' } },
          ],
        }),
    },
  );
const whole = { spine, eventTime: 'at' };

/** The values of a part's columns, by the names of its features. */
function valuesOf(part: JoinedPart): [name: string, values: number[]][] {
  const columns = part.kind === 'columns' ? part.columns : computeFeatures(part.asked.task(0, ROWS)).gathered;
  return columns.map(({ values }, index) => [
    `${part.planned.alias}__${part.features[index]!.name}`,
    Array.from(values, Number),
  ]);
}

describe('a join that hands over its views in parts', () => {
  it('gives what it gives as a whole, each feature once', async () => {
    const views = planned((view) => `d${view}`);
    const found = new Map<string, number[]>();
    await new FeatureJoin(counted().data, { views, asKnown: null }).parts(whole, async (part) => {
      for (const [name, values] of valuesOf(part)) {
        expect(found.has(name)).toBe(false);
        found.set(name, values);
      }
    });
    const columns = await joinFeatures(counted().data, { views, asKnown: null, ...whole });
    expect(new Map(columns.map(({ name, values }) => [name, Array.from(values, Number)]))).toEqual(found);
  });

  it('reads no more than the next view ahead, and keeps nothing of those before', async () => {
    const { data, loads } = counted();
    const seen: string[] = [];
    const kept: WeakRef<object>[] = [];
    await new FeatureJoin(data, { views: planned((view) => `d${view}`), asKnown: null }).parts(
      whole,
      async (part) => {
        if (part.kind !== 'stretches') return;
        await setImmediate();
        seen.push(part.planned.alias);
        expect(loads.length).toBeLessThanOrEqual(seen.length + 1);
        kept.push(new WeakRef(part.asked.columns[0]!));
        await setImmediate();
        collectGarbage();
        expect(kept.filter((one) => one.deref() !== undefined).length).toBeLessThanOrEqual(2);
      },
    );
    expect(loads).toEqual(['d0', 'd1', 'd2', 'd3', 'd4', 'd5']);
    expect(seen).toHaveLength(VIEWS);
  });

  it('reads a dataset once, and keeps it for the views that read it alone', async () => {
    const { data, loads } = counted();
    const first: WeakRef<object>[] = [];
    const seen: string[] = [];
    await new FeatureJoin(data, { views: planned((view) => `d${view % 2}`), asKnown: null }).parts(
      whole,
      async (part) => {
        if (part.kind !== 'stretches') return;
        seen.push(part.planned.alias);
        if (seen.length === 1) first.push(new WeakRef(part.asked.columns[0]!));
        await setImmediate();
        collectGarbage();
        if (seen.length < VIEWS) return;
        expect(first[0]!.deref()).toBeUndefined();
      },
    );
    expect(loads).toEqual(['d0', 'd1']);
    expect(seen).toEqual(['v0', 'v2', 'v4', 'v1', 'v3', 'v5']);
  });
});
