import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { TrackingRoom, trackingMigrations } from './index.ts';

let parts: EngineParts;
let room: TrackingRoom;
beforeEach(async () => {
  parts = await openParts([trackingMigrations]);
  room = new TrackingRoom(parts);
});
afterEach(() => parts.close());

const start = (name: string, batch: Parameters<TrackingRoom['clients']['logBatch']>[1] = {}): string => {
  const { id } = room.clients.create({ experimentId: '0', name });
  room.clients.logBatch(id, batch);
  return id;
};
const metric = (name: string, value: number, step = 0, at = 1) => ({ metric: name, value, step, at });
const names = (filter: string, orderBy: string[] = []): string[] =>
  room.clients
    .search({ experimentIds: ['0'], filter, orderBy, limit: 100 })
    .items.map((run) => run.name)
    .sort((a, b) => (orderBy.length > 0 ? 0 : a.localeCompare(b)));

describe('runs of clients', () => {
  it('are told when they start as they are read afterwards', () => {
    const group = room.groups.create({ name: 'elsewhere', artifactLocation: 's3://bucket/runs' });
    const given = { experimentId: group, userId: 'noor', startedAt: 5, tags: { a: '1', z: '2' } };
    for (const input of [
      { experimentId: '0' },
      { ...given, name: 'named' },
      { ...given, tags: { ...given.tags, 'mlflow.runName': 'by tag' } },
    ]) {
      const created = room.clients.create(input);
      expect(created).toEqual(room.clients.get(created.id));
    }
  });

  it('keep every point in its order, duplicates, NaN and infinities included, through blocks and tail', () => {
    const id = start('curve');
    const values = Array.from(
      { length: 5000 },
      (_, step) => [0.5, Number.NaN, Number.POSITIVE_INFINITY][step % 3]!,
    );
    room.clients.logBatch(id, {
      metrics: values.map((value, step) => metric('loss', value, step, step * 10)),
    });
    room.clients.logBatch(id, { metrics: [metric('loss', 7, 3, 4), metric('loss', 7, 3, 4)] });
    const seen: number[] = [];
    let pageToken: string | undefined;
    do {
      const page = room.clients.history({ id, metric: 'loss', limit: 777, pageToken });
      seen.push(...page.items.map((point) => point.value));
      pageToken = page.nextPageToken ?? undefined;
    } while (pageToken !== undefined);
    expect(seen).toEqual([...values, 7, 7]);
    expect(room.clients.get(id).metrics).toMatchObject([{ metric: 'loss', step: 4999, value: Number.NaN }]);
    const curve = room.history({ id, metric: 'loss', fromStep: 3, toStep: 9 });
    expect(curve.map(({ step, value }) => [step, value])).toEqual([
      [3, 7],
      [6, 0.5],
      [9, 0.5],
    ]);
  });

  it('draws a long series from its blocks without losing a spike', () => {
    const id = start('long');
    const points = Array.from({ length: 60_000 }, (_, step) =>
      metric('loss', step === 31_337 ? 99 : 1, step, step),
    );
    room.clients.logBatch(id, { metrics: points });
    const curve = room.history({ id, metric: 'loss', points: 50 });
    expect(curve.length).toBeLessThanOrEqual(50);
    expect(curve).toContainEqual(expect.objectContaining({ step: 31_337, value: 99 }));
    expect([curve[0]!.step, curve.at(-1)!.step]).toEqual([0, 59_999]);
  });

  it('takes the greatest step, then time, then value as the latest', () => {
    const id = start('latest', {
      metrics: [metric('a', 1, 5, 9), metric('a', 3, 5, 9), metric('a', 2, 5, 8), metric('a', 9, 4, 99)],
    });
    expect(room.clients.get(id).metrics).toMatchObject([{ step: 5, at: 9, value: 3 }]);
  });

  it('writes a parameter once, and nothing of a batch that is refused', () => {
    const id = start('once', { params: { lr: '0.1' } });
    room.clients.logBatch(id, { params: { lr: '0.1' } });
    expect(() => room.clients.logBatch(id, { tags: { a: 'b' }, params: { lr: '0.2' } })).toThrowError(
      expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringContaining('"0.1"') }),
    );
    expect(room.clients.get(id)).toMatchObject({ params: { lr: '0.1' }, tags: { 'mlflow.runName': 'once' } });
    expect(room.clients.get(id).tags).not.toHaveProperty('a');
  });

  it('are found by what they hold, with texts bound and never run', () => {
    start('one', {
      metrics: [metric('auc', 0.9)],
      params: { lr: '0.1' },
      tags: { team: 'Red_1', "o'k": 'x' },
    });
    start('two', {
      metrics: [metric('auc', 0.8), metric('val.loss', 2), metric('2nd', 3)],
      params: { lr: '0.2' },
    });
    start('three', { metrics: [metric('auc', Number.NaN)] });
    expect(names('')).toEqual(['one', 'three', 'two']);
    expect(names("metrics.auc > 0.85 and params.lr = '0.1'")).toEqual(['one']);
    expect(names('metrics.`val.loss` >= 2')).toEqual(['two']);
    expect(names('metric."val.loss" < 2')).toEqual([]);
    expect(names("metrics.'val.loss' >= 2 AND metrics.2nd = 3")).toEqual(['two']);
    expect(names('metrics.auc != 0.9')).toEqual(['three', 'two']);
    expect(names('metrics.auc > -1')).toEqual(['one', 'two']);
    expect(names("tags.team LIKE 'red%'")).toEqual([]);
    expect(names("tags.team LIKE 'Red__'")).toEqual(['one']);
    expect(names("tags.team ILIKE 'red%'")).toEqual(['one']);
    expect(names("attributes.status = 'RUNNING'")).toEqual(['one', 'three', 'two']);
    expect(names("run_name IN ('one', 'two')")).toEqual(['one', 'two']);
    expect(names("tags.mlflow.runName != 'one'")).toEqual(['three', 'two']);
    expect(names('params.lr IS NULL')).toEqual(['three']);
    expect(names("params.lr = '''); DROP TABLE tracking_run; --'")).toEqual([]);
    expect(names('', ['metrics.auc DESC'])).toEqual(['one', 'two', 'three']);
    expect(names('', ['metrics.auc ASC', 'start_time'])).toEqual(['two', 'one', 'three']);
    for (const bad of [
      'metrics.auc >',
      "auc > 'x'",
      'metrics.auc > 1 OR 1=1',
      "metrics.auc = 'x'",
      'metrics.auc > 0x1',
      'models.a = 1',
      "status > 'a'",
    ])
      expect(() => names(bad), bad).toThrowError(expect.objectContaining({ code: 'BAD_INPUT' }));
  });

  it('come in pages, and refuse a page token that is not one', () => {
    for (let number = 0; number < 5; number++) start(`r${number}`);
    const first = room.clients.search({ experimentIds: ['0'], limit: 3 });
    const second = room.clients.search({ experimentIds: ['0'], limit: 3, pageToken: first.nextPageToken! });
    expect([...first.items, ...second.items].map((run) => run.name)).toEqual(['r4', 'r3', 'r2', 'r1', 'r0']);
    expect(second.nextPageToken).toBeNull();
    expect(() => room.clients.search({ experimentIds: ['0'], limit: 3, pageToken: 'x' })).toThrowError(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
  });

  it('outlive the engine, and can be deleted and restored', () => {
    const id = start('goes on');
    parts = parts.reopen();
    room = new TrackingRoom(parts);
    expect(room.clients.get(id).status).toBe('running');
    room.clients.setLifecycle(id, 'deleted');
    expect(room.list({})).toEqual([]);
    expect(() => room.clients.logBatch(id, { tags: { a: 'b' } })).toThrowError(
      expect.objectContaining({ code: 'CONFLICT' }),
    );
    room.clients.setLifecycle(id, 'active');
    expect(room.list({}).map((run) => run.id)).toEqual([id]);
  });

  it('keep files in folders, with their models, and let go of them', async () => {
    const id = start('files');
    const owner = { kind: 'run', id } as const;
    await room.files.put(owner, 'a/b.txt', Buffer.from('b'));
    await room.files.put(owner, 'a.txt', Buffer.from('a'));
    expect(room.files.list(owner, '')).toMatchObject([
      { path: 'a', isFolder: true },
      { path: 'a.txt', isFolder: false },
    ]);
    expect(room.files.list(owner, 'a')).toMatchObject([{ path: 'a/b.txt', sizeBytes: 1 }]);
    expect(room.files.list(owner, 'missing')).toEqual([]);
    const model = room.models.create({
      experimentId: '0',
      name: 'm',
      runId: id,
      params: { p: '1' },
      tags: {},
    });
    room.clients.logModels(id, [{ modelId: model.id, direction: 'output', step: 2 }]);
    room.clients.logBatch(id, { metrics: [{ ...metric('auc', 0.9), modelId: model.id }] });
    expect(
      room.models.search({ experimentIds: ['0'], filter: "name = 'm' AND params.p = '1'", limit: 5 }).items,
    ).toMatchObject([{ id: model.id, metrics: [{ metric: 'auc', value: 0.9 }] }]);
    room.files.remove(owner, 'a');
    room.remove({ id });
    expect(parts.blobs.usage().blobs).toBe(0);
  });
});

describe('experiments of clients', () => {
  it('have unique names, a default, tags and a lifecycle', () => {
    expect(room.groups.get('0').name).toBe('Default');
    const id = room.groups.create({ name: 'تجربة', tags: { team: 'x' } });
    expect(() => room.groups.create({ name: 'تجربة' })).toThrowError(
      expect.objectContaining({ code: 'ALREADY_EXISTS' }),
    );
    room.groups.setLifecycle(id, 'deleted');
    expect(room.groups.search({ limit: 10 }).items.map((one) => one.id)).toEqual(['0']);
    expect(
      room.groups
        .search({ limit: 10, view: 'deleted', filter: "tags.team = 'x'" })
        .items.map((one) => one.id),
    ).toEqual([id]);
    expect(() => room.clients.create({ experimentId: id })).toThrowError(
      expect.objectContaining({ code: 'CONFLICT' }),
    );
  });
});
