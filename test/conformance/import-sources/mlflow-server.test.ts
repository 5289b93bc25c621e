import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobContext } from '../../../src/core/jobs/index.ts';
import { TrackingRoom, trackingMigrations } from '../../../src/core/tracking/index.ts';
import { importRuns } from '../../../src/core/tracking/transfer/import-runs.ts';
import { mlflowServerSource } from '../../../src/core/tracking/transfer/mlflow-server-source.ts';
import { installMlflow, startMlflow, type TrackingServer } from '../../bench/support/mlflow-peer.ts';
import { type EngineParts, openParts } from '../../fixtures/engine-parts.ts';

const python = installMlflow();
if (typeof python === 'string')
  process.stderr.write(`\nSKIPPED: runs of a server of MLflow were not imported (${python})\n\n`);

describe.skipIf(typeof python === 'string')('a running server of MLflow', () => {
  let server: TrackingServer;
  let parts: EngineParts;
  let room: TrackingRoom;
  const context: JobContext = {
    id: 'job',
    signal: new AbortController().signal,
    progress: () => undefined,
    log: () => undefined,
  };

  beforeAll(async () => {
    server = await startMlflow();
    parts = await openParts([trackingMigrations]);
    room = new TrackingRoom(parts);
  }, 300_000);
  afterAll(async () => {
    parts?.close();
    await server?.close();
  });

  const post = async (call: string, body: object): Promise<Record<string, never>> => {
    const response = await fetch(`${server.url}/api/2.0/mlflow/${call}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect([call, response.status]).toEqual([call, 200]);
    return (await response.json()) as Record<string, never>;
  };
  const take = () => importRuns(room, context, mlflowServerSource(server));

  it('gives its experiments, runs, points and files, once', async () => {
    const { experiment_id } = await post('experiments/create', { name: 'دبي' });
    const { run } = (await post('runs/create', {
      experiment_id,
      run_name: 'first',
      user_id: 'nadia',
      start_time: 1_700_000_000_000,
    })) as unknown as { run: { info: { run_id: string; artifact_uri: string } } };
    const { run_id, artifact_uri } = run.info;
    await post('runs/log-batch', {
      run_id,
      metrics: Array.from({ length: 300 }, (_, step) => ({
        key: 'val/loss',
        value: step === 7 ? 'NaN' : 1 / (step + 1),
        timestamp: 1_700_000_000_000 + step,
        step,
      })),
      params: [{ key: 'lr', value: '0.1' }],
      tags: [{ key: 'team', value: 'risk' }],
    });
    const proxied = artifact_uri.replace(/^mlflow-artifacts:\//, '');
    const put = await fetch(`${server.url}/api/2.0/mlflow-artifacts/artifacts/${proxied}/plots/a%20b.txt`, {
      method: 'PUT',
      body: 'a plot',
    });
    expect(put.status).toBe(200);
    await post('runs/update', { run_id, status: 'FINISHED', end_time: 1_700_000_100_000 });

    expect(await take()).toEqual({ experiments: 1, runs: 1, skipped: 0, pointsLeftOut: 0 });
    expect(room.clients.get(run_id)).toMatchObject({
      name: 'first',
      userId: 'nadia',
      status: 'finished',
      startedAt: 1_700_000_000_000,
      endedAt: 1_700_000_100_000,
      params: { lr: '0.1' },
      tags: { team: 'risk' },
    });
    const points = room.clients.history({ id: run_id, metric: 'val/loss', limit: 1000 }).items;
    expect(points).toHaveLength(300);
    expect(points[7]!.value).toBeNaN();
    expect(points[8]).toMatchObject({ step: 8, value: 1 / 9, at: 1_700_000_000_008 });
    expect((await room.artifact({ id: run_id, path: 'plots/a b.txt' })).toString()).toBe('a plot');
    expect(await take()).toEqual({ experiments: 1, runs: 0, skipped: 1, pointsLeftOut: 0 });
  }, 120_000);

  it('is refused when it is not there, or is something else', async () => {
    const source = (url: string) => mlflowServerSource({ url, authorization: null });
    await expect(importRuns(room, context, source('http://127.0.0.1:9'))).rejects.toMatchObject({
      code: 'UNREACHABLE',
    });
    await expect(importRuns(room, context, source(`${server.url}/nothing`))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
