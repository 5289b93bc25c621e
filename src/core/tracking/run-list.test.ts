import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { TRIAL_TAG } from '../../shared/run-search.ts';
import { TrackingRoom, trackingMigrations } from './index.ts';

let parts: EngineParts;
let room: TrackingRoom;
beforeEach(async () => {
  parts = await openParts([trackingMigrations]);
  room = new TrackingRoom(parts);
});
afterEach(() => parts.close());

function add(
  name: string,
  facts: {
    auc?: number;
    params?: Record<string, string>;
    tags?: Record<string, string>;
    experiment?: string;
  } = {},
): string {
  const { auc, params = {}, tags = {}, experiment = 'delay' } = facts;
  const run = room.startRun({ experiment, name, params, tags });
  run.finish('finished', auc === undefined ? {} : { metrics: { auc } });
  return run.id;
}

const names = (input: Parameters<TrackingRoom['search']>[0]): string[] =>
  room.search(input).runs.map(({ name }) => name);

describe('searching runs', () => {
  it('takes the filter language of tracking clients', () => {
    add('low', { auc: 0.6, params: { learner: 'gbdt' } });
    add('high', { auc: 0.95, params: { learner: 'gbdt' } });
    add('other', { auc: 0.97, params: { learner: 'linear' } });
    expect(names({ filter: "metrics.auc > 0.9 and params.learner = 'gbdt'", limit: 10 })).toEqual(['high']);
    expect(
      names({ filter: "attributes.experiment = 'delay' AND attributes.status = 'finished'", limit: 10 }),
    ).toHaveLength(3);
    expect(() => room.search({ filter: 'metrics.auc >', limit: 10 })).toThrowError(
      expect.objectContaining({ code: 'BAD_INPUT', details: { field: 'filter' } }),
    );
    expect(() => room.search({ filter: 'auc > 0.9', limit: 10 })).toThrowError(/there is no attribute auc/);
  });

  it('orders by any column: numbers in parameters as numbers, the missing last, equals newest first', () => {
    for (const leaves of ['9', '31', '255', 'auto']) add(`leaves ${leaves}`, { params: { leaves } });
    add('none');
    add('none too');
    const order = ['leaves 9', 'leaves 31', 'leaves 255', 'leaves auto', 'none too', 'none'];
    expect(names({ orderBy: ['params.leaves'], limit: 10 })).toEqual(order);
    expect(names({ orderBy: ['params.leaves DESC'], limit: 2 })).toEqual(['leaves auto', 'leaves 255']);
    expect(names({ orderBy: ['attributes.run_name DESC'], limit: 1 })).toEqual(['none too']);
    expect(names({ orderBy: ['attributes.duration'], limit: 10 })).toHaveLength(6);
  });

  it('orders by names of any kind', () => {
    const names = ['auc', 'val/loss', 'my metric', 'a.b', 'system/gpu 0', '7', 'دقة', 'it"s'];
    const run = room.startRun({ experiment: 'delay', name: 'all' });
    run.finish('finished', { metrics: Object.fromEntries(names.map((name) => [name, 1])) });
    for (const name of names) {
      const key = name.includes('"') ? `metrics.\`${name}\`` : `metrics."${name}"`;
      expect(room.search({ orderBy: [`${key} DESC`], filter: `${key} = 1`, limit: 1 }).total).toBe(1);
    }
  });

  it('tells how many there are, and gives every window of them', () => {
    const ids = Array.from({ length: 25 }, (_, number) => add(`run ${number}`, { auc: number / 100 }));
    const seen: string[] = [];
    for (let offset = 0; offset < 25; offset += 10) {
      const { runs, total } = room.search({ orderBy: ['metrics.auc'], offset, limit: 10 });
      expect(total).toBe(25);
      seen.push(...runs.map(({ id }) => id));
    }
    expect(seen).toEqual(ids);
    expect(room.search({ offset: 100, limit: 10 })).toEqual({ runs: [], total: 25 });
  });

  it('finds text in names, ids, experiments and tags, and takes it as it stands', () => {
    const id = add('50% wider', { tags: { owner: 'سالم' } });
    add('500 trees', { experiment: 'Fraud' });
    expect(names({ text: '50%', limit: 10 })).toEqual(['50% wider']);
    expect(names({ text: 'سالم', limit: 10 })).toEqual(['50% wider']);
    expect(names({ text: 'fraud', limit: 10 })).toEqual(['500 trees']);
    expect(names({ text: id.slice(3, 20), limit: 10 })).toEqual(['50% wider']);
    expect(names({ text: '_', limit: 10 })).toEqual([]);
  });

  it('leaves out the trials of searches where it should', () => {
    add('search');
    add('trial', { tags: { [TRIAL_TAG]: '1' } });
    expect(names({ trials: false, limit: 10 })).toEqual(['search']);
    expect(names({ limit: 10 })).toEqual(['trial', 'search']);
  });

  it('gives runs by their ids however old they are, without those that are gone', () => {
    const [first, second, gone] = [add('first'), add('second'), add('gone')];
    room.remove({ id: gone });
    expect(room.several({ ids: [second, gone, first] }).map(({ name }) => name)).toEqual(['second', 'first']);
  });

  it('knows every name that was used', () => {
    add('one', { auc: 0.5, params: { leaves: '3', seed: '1' }, tags: { owner: 'a' } });
    add('two', { auc: 0.6, params: { leaves: '3' } });
    expect(room.names()).toEqual({ metrics: ['auc'], params: ['leaves', 'seed'], tags: ['owner'] });
  });
});

describe('many histories', () => {
  it('come in the order asked, a part finer than the whole, with the values that no curve shows', () => {
    const { id } = room.clients.create({ experimentId: room.groups.create({ name: 'long' }) });
    const points = Array.from({ length: 30_000 }, (_, step) => ({
      metric: 'loss',
      step,
      at: step,
      value: step === 12_345 ? Number.NaN : step === 29_999 ? Number.POSITIVE_INFINITY : Math.sin(step),
    }));
    for (let start = 0; start < points.length; start += 1000)
      room.clients.logBatch(id, { metrics: points.slice(start, start + 1000) });
    const asked = [
      { run: id, metric: 'none' },
      { run: id, metric: 'loss' },
    ];
    expect(room.curvesOf({ ids: ['gone', id] })).toEqual(['loss']);
    const [none, whole] = room.series({ series: asked, points: 50 });
    expect(none).toEqual({ steps: [], values: [], notFinite: [] });
    expect(whole!.steps.length).toBeLessThanOrEqual(50);
    expect(whole!.values).toHaveLength(whole!.steps.length);
    expect(whole!.notFinite).toEqual([
      { step: 12_345, value: 'NaN' },
      { step: 29_999, value: 'Infinity' },
    ]);
    const [, part] = room.series({ series: asked, points: 50, fromStep: 12_330, toStep: 12_350 });
    expect(part!.steps).toEqual([
      12_330, 12_331, 12_332, 12_333, 12_334, 12_335, 12_336, 12_337, 12_338, 12_339, 12_340, 12_341, 12_342,
      12_343, 12_344, 12_346, 12_347, 12_348, 12_349, 12_350,
    ]);
    expect(part!.notFinite).toEqual([{ step: 12_345, value: 'NaN' }]);
  });
});
