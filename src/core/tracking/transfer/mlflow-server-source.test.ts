import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../../test/fixtures/engine-parts.ts';
import { openMlflowAnswers } from '../../../../test/fixtures/mlflow-answers.ts';
import { TrackingRoom, trackingMigrations } from '../index.ts';
import { importRuns } from './import-runs.ts';
import { mlflowServerSource } from './mlflow-server-source.ts';

const ANSWERS: Readonly<Record<string, string>> = {
  'experiments/search': '{"experiments":[{"experiment_id":"7","name":"fraud"}]}',
  'runs/search':
    '{"runs":[{"info":{"run_id":"abc","status":"FINISHED"},"data":{"metrics":[{"key":"loss"}]}}]}',
  'metrics/get-history': `{"metrics":[
    {"key":"loss","value":0.5,"timestamp":1001,"step":"1"},
    {"key":"loss","value":0.4,"timestamp":1002,"step":9007199254740993},
    {"key":"loss","value":0.3,"timestamp":"1003","step":"-9223372036854775808"}]}`,
  'artifacts/list': '{}',
};

let parts: EngineParts;
let server: Awaited<ReturnType<typeof openMlflowAnswers>>;
beforeEach(async () => {
  parts = await openParts([trackingMigrations]);
  server = await openMlflowAnswers(ANSWERS);
});
afterEach(async () => {
  await server.close();
  parts.close();
});

it('takes the points around those whose steps are beyond 2^53', async () => {
  const room = new TrackingRoom(parts);
  const log: string[] = [];
  const outcome = await importRuns(
    room,
    {
      id: 'job',
      signal: new AbortController().signal,
      progress: () => undefined,
      log: (_level, line) => log.push(line),
    },
    mlflowServerSource({ url: server.url, authorization: null }),
  );
  expect(outcome).toEqual({ experiments: 1, runs: 1, skipped: 0, pointsLeftOut: 2 });
  const { items } = room.clients.history({ id: 'abc', metric: 'loss', limit: 10 });
  expect(items.map(({ step, value }) => [step, value])).toEqual([[1, 0.5]]);
  expect(log).toEqual([expect.stringMatching(/^2 points of loss of the run abc /)]);
});
