import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { PARENT_TAG } from '../../shared/run-search.ts';
import { TrackingRoom, trackingMigrations } from './index.ts';

let parts: EngineParts;
let room: TrackingRoom;
beforeEach(async () => {
  parts = await openParts([trackingMigrations]);
  room = new TrackingRoom(parts);
});
afterEach(() => parts.close());

const actions = (): string[] =>
  parts.audit
    .list()
    .entries.map((entry) => entry.action)
    .reverse();

describe('TrackingRoom', () => {
  it('keeps what a run tells of itself', async () => {
    const run = room.startRun({
      experiment: 'delay',
      name: 'first',
      params: { leaves: '31' },
      tags: { by: 'test' },
    });
    run.logMetric('loss', 1, 0.7);
    run.logMetric('loss', 2, 0.5);
    run.logParams({ seed: '7' });
    await run.addArtifact('model/model.onnx', Uint8Array.of(1, 2, 3));
    run.finish('finished', {
      metrics: { auc: 0.7, broken: Number.NaN },
      data: [{ name: 'flights', version: 1, digest: 'd' }],
      model: { name: 'delay', version: 1 },
      evaluation: {
        rocCurve: [],
        calibration: [],
        importance: [{ feature: 'hour', gain: 2 }],
        baseline: { auc: 0.6 },
      },
    });

    expect(room.get({ id: run.id })).toMatchObject({
      experiment: 'delay',
      name: 'first',
      status: 'finished',
      params: { leaves: '31', seed: '7' },
      metrics: { auc: 0.7, loss: 0.5 },
      tags: { by: 'test' },
      artifacts: [{ path: 'model/model.onnx', sizeBytes: 3 }],
      data: [{ name: 'flights', version: 1, digest: 'd' }],
      model: { name: 'delay', version: 1 },
    });
    expect(room.get({ id: run.id }).metrics).not.toHaveProperty('broken');
    expect(room.curves({ id: run.id })).toEqual(['loss']);
    expect(room.evaluation({ id: run.id })?.importance).toEqual([{ feature: 'hour', gain: 2 }]);
    expect([...(await room.artifact({ id: run.id, path: 'model/model.onnx' }))]).toEqual([1, 2, 3]);
    expect(actions()).toEqual(['experiment.create', 'run.start', 'run.artifact', 'run.finish']);
    expect(() => run.logMetric('loss', 3, 1)).toThrowError(expect.objectContaining({ code: 'CONFLICT' }));
  });

  it('shows points that were logged a moment ago and tells the listeners', () => {
    const run = room.startRun({ experiment: 'delay', name: 'live' });
    run.logMetric('loss', 1, 0.7);
    expect(room.history({ id: run.id, metric: 'loss' }).map(({ step, value }) => ({ step, value }))).toEqual([
      { step: 1, value: 0.7 },
    ]);
    expect(parts.events).toEqual([{ topic: 'metrics', run: run.id, metric: 'loss', step: 1, value: 0.7 }]);
  });

  it('reduces a long history without losing its spike', () => {
    const run = room.startRun({ experiment: 'delay', name: 'long' });
    for (let step = 0; step < 5000; step++) run.logMetric('loss', step, step === 3333 ? 50 : 1);
    const history = room.history({ id: run.id, metric: 'loss', points: 100 });
    expect(history.length).toBeLessThanOrEqual(100);
    expect(history.map((point) => point.value)).toContain(50);
  });

  it('refuses values that are no numbers and paths that lead out', async () => {
    const run = room.startRun({ experiment: 'delay', name: 'bad' });
    expect(() => run.logMetric('loss', 1, Number.NaN)).toThrowError(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
    for (const path of ['../x', '/etc/passwd', 'a/../../b', '', 'a\\b']) {
      await expect(run.addArtifact(path, Uint8Array.of(1))).rejects.toMatchObject({ code: 'BAD_NAME' });
    }
  });

  it('lists newest first, by experiment, and counts runs', () => {
    const ids = ['one', 'two', 'three'].map((name) => {
      const run = room.startRun({ experiment: name === 'two' ? 'other' : 'delay', name });
      run.finish('finished');
      return run.id;
    });
    expect(room.list({}).map((run) => run.name)).toEqual(['three', 'two', 'one']);
    expect(room.list({ experiment: 'delay' }).map((run) => run.id)).toEqual([ids[2], ids[0]]);
    expect(room.list({ limit: 1 })).toHaveLength(1);
    expect(room.experiments().map(({ name, runs }) => [name, runs])).toEqual([
      ['delay', 2],
      ['other', 1],
    ]);
  });

  it('lists the children of a run, whole', () => {
    const parent = room.startRun({ experiment: 'delay', name: 'search' });
    const trials = Array.from({ length: 1200 }, (_, number) => {
      const trial = room.startRun({
        experiment: number % 2 === 0 ? 'delay' : 'other',
        name: `trial ${number}`,
        tags: { [PARENT_TAG]: parent.id },
      });
      trial.finish('finished');
      return trial.id;
    });
    room.startRun({ experiment: 'delay', name: 'of another', tags: { [PARENT_TAG]: 'another' } });
    expect(room.list({ parent: parent.id, limit: 10_000 }).map(({ id }) => id)).toEqual(trials.toReversed());
    expect(room.list({ parent: parent.id, experiment: 'delay', limit: 10_000 })).toHaveLength(600);
    expect(room.list({ parent: trials[0]! })).toEqual([]);
  });

  it('marks runs of a dead engine as failed when it opens', () => {
    const run = room.startRun({ experiment: 'delay', name: 'cut off' });
    parts = parts.reopen();
    room = new TrackingRoom(parts);
    expect(room.get({ id: run.id })).toMatchObject({ status: 'failed', endedAt: expect.any(String) });
    expect(parts.audit.list().entries[0]).toMatchObject({ action: 'run.finish', result: 'failed' });
  });

  it('removes a run with all that belongs to it, but never one that is going', async () => {
    const run = room.startRun({ experiment: 'delay', name: 'gone' });
    await run.addArtifact('notes.txt', Buffer.from('secret'));
    run.logMetric('loss', 1, 1);
    expect(() => room.remove({ id: run.id })).toThrowError(expect.objectContaining({ code: 'CONFLICT' }));
    run.finish('failed');
    expect(parts.blobs.usage().blobs).toBe(1);
    room.remove({ id: run.id });
    expect(parts.blobs.usage().blobs).toBe(0);
    expect(() => room.get({ id: run.id })).toThrowError(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(parts.store.statement<{ n: number }>('SELECT count(*) AS n FROM tracking_tail').get()?.n).toBe(0);
  });

  it('replaces an artifact without leaving the old one behind', async () => {
    const run = room.startRun({ experiment: 'delay', name: 'twice' });
    await run.addArtifact('a', Uint8Array.of(1));
    await run.addArtifact('a', Uint8Array.of(2));
    await run.addArtifact('a', Uint8Array.of(2));
    expect([...(await room.artifact({ id: run.id, path: 'a' }))]).toEqual([2]);
    expect(parts.blobs.usage().blobs).toBe(1);
  });
});
