import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../../test/fixtures/engine-parts.ts';
import { silentJob as context } from '../../../../test/fixtures/silent-job.ts';
import { TrackingRoom, trackingMigrations } from '../index.ts';
import { type CsvRun, csvSource } from './csv-source.ts';
import { importRuns } from './import-runs.ts';

let parts: EngineParts;
let room: TrackingRoom;
beforeEach(async () => {
  parts = await openParts([trackingMigrations]);
  room = new TrackingRoom(parts);
});
afterEach(() => parts.close());

const take = (file: string, text: string, more: Partial<CsvRun> = {}) => {
  const at = path.join(parts.folder, file);
  writeFileSync(at, text);
  return importRuns(room, context, csvSource({ file: at, experiment: 'old', ...more }));
};
const points = (metric: string) => {
  const [run] = room.list({});
  return room.clients.history({ id: run!.id, metric, limit: 10 }).items;
};

describe('a table of metrics', () => {
  it('is a run with a metric for each column of numbers, once', async () => {
    const text = 'epoch,loss,auc,note\n1,0.5,0.7,a\n2,0.4,,b\n3,0.3,0.9,c\n';
    expect(await take('curve.csv', text)).toEqual({ experiments: 1, runs: 1, skipped: 0, pointsLeftOut: 0 });
    expect(await take('curve.csv', text)).toEqual({ experiments: 1, runs: 0, skipped: 1, pointsLeftOut: 0 });
    expect(room.list({})[0]).toMatchObject({ name: 'curve', experiment: 'old', status: 'finished' });
    expect(points('loss').map(({ step, value }) => [step, value])).toEqual([
      [1, 0.5],
      [2, 0.4],
      [3, 0.3],
    ]);
    expect(points('auc').map(({ step }) => step)).toEqual([1, 3]);
  });

  it('may be what TensorBoard exports of one scalar', async () => {
    await take('accuracy.csv', 'Wall time,Step,Value\n1700000000.5,0,0.1\n1700000001.5,10,0.2\n');
    expect(points('accuracy').map(({ step, at, value }) => [step, at, value])).toEqual([
      [0, 1_700_000_000_500, 0.1],
      [10, 1_700_000_001_500, 0.2],
    ]);
  });

  it('is refused without numbers, or without the column of steps that was named', async () => {
    await expect(take('a.csv', 'step,word\n1,a\n')).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' });
    await expect(take('a.csv', 'x,y\n1,2\n', { step: 'z' })).rejects.toMatchObject({
      code: 'UNKNOWN_COLUMN',
    });
    expect(room.list({})).toEqual([]);
  });
});
