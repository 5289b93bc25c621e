import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { silentJob as context } from '../../../test/fixtures/silent-job.ts';
import type { LineageGraph } from '../../shared/contract/types.ts';
import { DataRoom, dataMigrations } from '../data/index.ts';
import { FeatureRoom, featuresMigrations } from '../features/index.ts';
import { ModelRegistry, registryMigrations } from '../registry/index.ts';
import { TrackingRoom, trackingMigrations } from '../tracking/index.ts';
import { TrainingRoom } from '../training/index.ts';
import { LineageRoom } from './index.ts';

const DEFINITIONS = `kind: Entity
name: town
keys: [{name: town, type: string}]
---
kind: FeatureView
name: prices
entities: [town]
source: {dataset: visits}
features: [{name: mean_price, aggregate: {fn: mean, of: price, window: 1h}}]
---
kind: FeatureService
name: buying
features: ["prices:*"]
---
kind: Training
name: buy
service: buying
columns: [price]
entities: {dataset: visits}
label: {column: bought}
task: binary
learner: {kind: linear}
register: {model: buyers}
`;

let parts: EngineParts;
let data: DataRoom;
let features: FeatureRoom;
let tracking: TrackingRoom;
let registry: ModelRegistry;
let training: TrainingRoom;
let lineage: LineageRoom;

const file = (name: string, text: string): string => {
  const target = path.join(parts.folder, name);
  writeFileSync(target, text);
  return target;
};

const importVisits = (rows: number) => {
  const lines = Array.from({ length: rows }, (_, row) => {
    const price = (row * 37) % 100;
    const bought = (row * 53) % 100 > price ? 1 : 0;
    return `${new Date(Date.UTC(2026, 0, 1) + row * 60_000).toISOString()},${price},${row % 2 === 0 ? 'Sur' : 'Nizwa'},${bought}`;
  });
  return data.import(context, {
    name: 'visits',
    files: [file('visits.csv', `at,price,town,bought\n${lines.join('\n')}\n`)],
    eventTime: 'at',
    labels: [],
    purposes: [],
    every: 1,
    derive: [],
  });
};

const ids = ({ nodes }: LineageGraph, kind?: string): string[] =>
  nodes.filter((node) => kind === undefined || node.kind === kind).map(({ id }) => id);

beforeEach(async () => {
  parts = await openParts([dataMigrations, featuresMigrations, trackingMigrations, registryMigrations]);
  data = new DataRoom(parts);
  features = new FeatureRoom({ ...parts, data });
  tracking = new TrackingRoom(parts);
  registry = new ModelRegistry(parts);
  training = new TrainingRoom({ ...parts, data, features, tracking, registry, threads: 1 });
  lineage = new LineageRoom({ data, features, tracking, registry });
  await importVisits(600);
  features.apply({ documents: [{ file: 'falaj.yaml', text: DEFINITIONS }], prune: false });
});
afterEach(() => parts.close());

describe('the lineage of what a training made', () => {
  it('leads from the model to the data and back', async () => {
    const { run } = await training.run(context, { name: 'buy' });
    const up = lineage.of({ kind: 'model', name: 'buyers', version: 1, direction: 'up' });
    expect(up.nodes.map(({ kind, version, title }) => [kind, version, title])).toEqual([
      ['dataset', 1, null],
      ['view', 1, null],
      ['service', 1, null],
      ['training-set', null, 'buying'],
      ['run', null, 'buy'],
      ['model', 1, null],
    ]);
    const down = lineage.of({ kind: 'dataset', name: 'visits', direction: 'down' });
    expect(ids(down)).toEqual(ids(up));
    expect(down.edges).toEqual(expect.arrayContaining([{ from: `run/${run}`, to: 'model/buyers@1' }]));
    expect(lineage.of({ kind: 'view', name: 'prices' }).nodes).toHaveLength(6);
    const [set] = ids(up, 'training-set');
    await importVisits(900);
    expect(await features.verify(context, { receipt: set! })).toMatchObject({ verified: true });
    expect(
      JSON.parse((await tracking.artifact({ id: run, path: 'training-set/receipt.json' })).toString()),
    ).toEqual(features.receipts()[0]?.receipt);
  });

  it('does not take the data of another training set of the same view for its own', async () => {
    await training.run(context, { name: 'buy' });
    await importVisits(700);
    await training.run(context, { name: 'buy' });
    const up = (version: number) => lineage.of({ kind: 'model', name: 'buyers', version, direction: 'up' });
    expect(ids(up(1), 'dataset')).toEqual(['dataset/visits@1']);
    expect(ids(up(2), 'dataset')).toEqual(['dataset/visits@2']);
    const down = lineage.of({ kind: 'dataset', name: 'visits', version: 1, direction: 'down' });
    expect(ids(down, 'model')).toEqual(['model/buyers@1']);
    expect(ids(lineage.of({ kind: 'service', name: 'buying' }), 'model')).toEqual([
      'model/buyers@1',
      'model/buyers@2',
    ]);
  });

  it('outlives the run, the model and the definitions', async () => {
    const { run } = await training.run(context, { name: 'buy' });
    registry.remove({ name: 'buyers', version: 1 });
    tracking.remove({ id: run });
    features.apply({ documents: [{ file: 'falaj.yaml', text: DEFINITIONS.split('---')[0]! }], prune: true });
    expect(ids(lineage.of({ kind: 'view', name: 'prices' })).map((id) => id.split('/')[0])).toEqual([
      'dataset',
      'view',
      'service',
      'training-set',
    ]);
  });
});

describe('the lineage of a set in a file', () => {
  it('ends at the set, and names the version of the view', async () => {
    features.apply({
      documents: [{ file: 'falaj.yaml', text: DEFINITIONS.replace('window: 1h', 'window: 2h') }],
      prune: false,
    });
    await features.historical(context, {
      features: ['prices@1:mean_price'],
      entities: file('entities.csv', 'town,event_time\nSur,2026-01-01T02:00:00Z\n'),
      eventTime: 'event_time',
      out: path.join(parts.folder, 'out.csv'),
      receipt: path.join(parts.folder, 'receipt.json'),
      names: 'full',
    });
    const [kept] = features.receipts();
    const graph = lineage.of({ kind: 'training-set', name: kept!.id });
    expect(ids(graph)).toEqual(['dataset/visits@1', 'view/prices@1', `training-set/${kept!.id}`]);
    expect(graph.nodes[2]?.title).toBe('prices@1:mean_price');
  });
});

describe('the lineage of what no receipt speaks of', () => {
  it('is what a run says itself', () => {
    const run = tracking.startRun({ experiment: 'old', name: 'script', params: { service: 'buying' } });
    run.finish('finished', { data: [{ name: 'visits', version: 1, digest: '0' }] });
    expect(ids(lineage.of({ kind: 'run', name: run.id }))).toEqual([
      'dataset/visits@1',
      'service/buying',
      `run/${run.id}`,
    ]);
  });

  it('is refused for an unknown name with the nearest, for an unknown version with the known ones', () => {
    expect(() => lineage.of({ kind: 'view', name: 'price' })).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', hint: 'Did you mean "prices"?' }),
    );
    expect(() => lineage.of({ kind: 'view', name: 'prices', version: 4 })).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', hint: 'Its versions here: 1.' }),
    );
  });

  it('is the import alone where nothing was made of it', async () => {
    await importVisits(700);
    await importVisits(800);
    expect(lineage.of({ kind: 'dataset', name: 'visits', version: 2 })).toEqual({
      roots: ['dataset/visits@2'],
      nodes: [expect.objectContaining({ kind: 'dataset', name: 'visits', version: 2 })],
      edges: [],
    });
    expect(() => lineage.of({ kind: 'dataset', name: 'visits', version: 4 })).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', hint: 'Its versions here: 3, 2, 1.' }),
    );
  });
});
