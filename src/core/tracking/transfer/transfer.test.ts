import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../../test/fixtures/engine-parts.ts';
import { silentJob as context } from '../../../../test/fixtures/silent-job.ts';
import { isCancellation } from '../../../shared/errors.ts';
import type { JobContext } from '../../jobs/index.ts';
import { TrackingRoom, trackingMigrations } from '../index.ts';
import { exportRun } from './export-run.ts';
import { importRuns } from './import-runs.ts';
import { isolatedRuns } from './reader/read-runs.ts';

let parts: EngineParts;
let room: TrackingRoom;
let mlruns: string;
const mlrunsSource = (dir: string) => isolatedRuns({ kind: 'open', from: 'mlruns', dir });

const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(mlruns, file)), { recursive: true });
  writeFileSync(path.join(mlruns, file), text);
};

beforeEach(async () => {
  parts = await openParts([trackingMigrations]);
  room = new TrackingRoom(parts);
  mlruns = path.join(parts.folder, 'mlruns');
  write('7/meta.yaml', "experiment_id: '7'\nname: fraud\nlifecycle_stage: active\n");
  write(
    '7/abc/meta.yaml',
    'run_id: abc\nrun_name: first\nuser_id: nadia\nstatus: 3\nstart_time: 1000\nend_time: 2000\nlifecycle_stage: active\n',
  );
  write('7/abc/params/lr', '0.1');
  write('7/abc/tags/mlflow.source.name', 'train.py');
  write('7/abc/metrics/val/loss', '1001 0.5 0\n1002 nan 1\n1002 nan 1\n1003 -inf 2\n');
  write('7/abc/artifacts/model/MLmodel', 'flavors: {}\n');
  write('.trash/9/meta.yaml', 'nothing');
});
afterEach(() => parts.close());

describe('runs of MLflow’s file store', () => {
  it('lie in a folder: a file, such as a database, and nothing at all are refused as such', async () => {
    const file = path.join(mlruns, '7/meta.yaml');
    await expect(importRuns(room, context, mlrunsSource(file))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      hint: expect.stringContaining('mlflow server'),
    });
    await expect(importRuns(room, context, mlrunsSource(`${mlruns}-none`))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });

  it('are taken whole and only once', async () => {
    expect(await importRuns(room, context, mlrunsSource(mlruns))).toEqual({
      experiments: 1,
      runs: 1,
      skipped: 0,
      pointsLeftOut: 0,
    });
    expect(room.clients.get('abc')).toMatchObject({
      name: 'first',
      userId: 'nadia',
      status: 'finished',
      startedAt: 1000,
      endedAt: 2000,
      params: { lr: '0.1' },
    });
    expect(room.clients.get('abc').tags).toEqual({
      'mlflow.runName': 'first',
      'mlflow.source.name': 'train.py',
    });
    expect(
      room.clients.history({ id: 'abc', metric: 'val/loss', limit: 10 }).items.map((point) => point.value),
    ).toEqual([0.5, Number.NaN, Number.NaN, Number.NEGATIVE_INFINITY]);
    expect((await room.artifact({ id: 'abc', path: 'model/MLmodel' })).toString()).toBe('flavors: {}\n');
    expect(await importRuns(room, context, mlrunsSource(mlruns))).toEqual({
      experiments: 1,
      runs: 0,
      skipped: 1,
      pointsLeftOut: 0,
    });
  });

  it('are taken without points whose steps or times are beyond 2^53, which is said', async () => {
    write('7/abc/metrics/val/loss', '1001 0.5 0\n1002 0.4 9007199254740993\n9223372036854775807 0.3 2\n');
    write('7/abc/metrics/acc', '1001 0.9 -9223372036854775808\n');
    const log: string[] = [];
    const told: JobContext = { ...context, log: (level, line) => log.push(`${level}: ${line}`) };
    expect(await importRuns(room, told, mlrunsSource(mlruns))).toEqual({
      experiments: 1,
      runs: 1,
      skipped: 0,
      pointsLeftOut: 3,
    });
    const { items } = room.clients.history({ id: 'abc', metric: 'val/loss', limit: 10 });
    expect(items.map(({ step, value }) => [step, value])).toEqual([[0, 0.5]]);
    expect(log).toEqual([
      expect.stringMatching(/^warn: 1 points of acc of the run abc /),
      expect.stringMatching(/^warn: 2 points of val\/loss of the run abc /),
    ]);
  });

  it('are refused with file and line, and nothing of the run stays', async () => {
    write('7/abc/metrics/val/loss', '1001 0.5 0\nbroken\n');
    await expect(importRuns(room, context, mlrunsSource(mlruns))).rejects.toMatchObject({
      code: 'MALFORMED_FILE',
      message: expect.stringMatching(/val\/loss: line 2/),
    });
    expect(room.list({})).toEqual([]);
    expect(parts.blobs.usage().blobs).toBe(0);
    await expect(importRuns(room, context, mlrunsSource(parts.folder))).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
    });
  });

  it('are read where their bytes can do no harm', async () => {
    const levels = 'abcdefghij'.split('');
    const bomb = levels.map(
      (name, at) => `${name}: &${name} [${at === 0 ? 'x' : `*${levels[at - 1]!}, `.repeat(9)}]`,
    );
    write('7/abc/meta.yaml', `${bomb.join('\n')}\nrun_id: abc\n`);
    await expect(importRuns(room, context, mlrunsSource(mlruns))).rejects.toMatchObject({
      code: 'MALFORMED_FILE',
    });
    write('7/abc/meta.yaml', 'run_id: ../../abc\nstatus: 3\nstart_time: 1000\n');
    await expect(importRuns(room, context, mlrunsSource(mlruns))).rejects.toMatchObject({
      code: 'MALFORMED_FILE',
      message: expect.stringContaining('run_id'),
    });
    expect(room.list({})).toEqual([]);
  });

  it('take no files from outside of their folder', async () => {
    const outside = path.join(parts.folder, 'outside');
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'key'), 'secret');
    rmSync(path.join(mlruns, '7/abc/artifacts'), { recursive: true });
    symlinkSync(outside, path.join(mlruns, '7/abc/artifacts'));
    await expect(importRuns(room, context, mlrunsSource(mlruns))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
    expect(room.list({})).toEqual([]);
    expect(parts.blobs.usage().blobs).toBe(0);
  });

  it('stop when the import is cancelled', async () => {
    write('7/abc/metrics/val/loss', '1001 0.5 0\n'.repeat(200_000));
    const stop = new AbortController();
    const importing = importRuns(room, { ...context, signal: stop.signal }, mlrunsSource(mlruns));
    await expect.poll(() => room.list({}), { interval: 1, timeout: 20_000 }).toHaveLength(1);
    stop.abort();
    await expect(importing).rejects.toSatisfy(isCancellation);
    expect(room.list({})).toEqual([]);
  });

  it('leave again with every point and file, to a new folder', async () => {
    await importRuns(room, context, mlrunsSource(mlruns));
    const dir = path.join(parts.folder, 'out');
    expect(await exportRun(room, context, { id: 'abc', dir })).toEqual({ dir, files: 4 });
    expect(readFileSync(path.join(dir, 'metrics/0.csv'), 'utf8')).toBe(
      'step,timestamp_ms,value\n0,1001,0.5\n1,1002,NaN\n1,1002,NaN\n2,1003,-Infinity\n',
    );
    expect(readFileSync(path.join(dir, 'artifacts/model/MLmodel'), 'utf8')).toBe('flavors: {}\n');
    expect(JSON.parse(readFileSync(path.join(dir, 'run.json'), 'utf8'))).toMatchObject({
      id: 'abc',
      params: { lr: '0.1' },
    });
    await expect(exportRun(room, context, { id: 'abc', dir })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
  });
});
