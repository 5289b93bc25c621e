import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { scriptInput } from '../../shared/contract/scripts.ts';
import type { DeviceReport, Job } from '../../shared/contract/types.ts';
import { AccessTokens, accessMigrations } from '../access/index.ts';
import { LiveBus } from '../events/index.ts';
import { type GpuSlot, JobQueue, jobsMigrations } from '../jobs/index.ts';
import { processesMarked } from '../processes/index.ts';
import { TrackingRoom, trackingMigrations } from '../tracking/index.ts';
import { ScriptRoom, scriptsJobs } from './index.ts';
import { SCRIPT_TAG } from './script-room.ts';

let parts: EngineParts;
let tracking: TrackingRoom;
let tokens: AccessTokens;
let jobs: JobQueue;
let room: ScriptRoom;
let folder: string;
let doors: string[];
let gpus: GpuSlot[];

beforeEach(async () => {
  parts = await openParts([accessMigrations, jobsMigrations, trackingMigrations]);
  tracking = new TrackingRoom(parts);
  tokens = new AccessTokens(parts);
  jobs = new JobQueue({
    ...parts,
    bus: new LiveBus(),
    machine: { cpus: 4, memoryBytes: 2 ** 34 },
    gpus: async () => gpus,
  });
  doors = [];
  gpus = [];
  room = new ScriptRoom({
    ...parts,
    folder: parts.folder,
    tracking,
    tokens,
    jobs,
    devices: () => ({ accelerators: [] as DeviceReport['accelerators'] }) as DeviceReport,
    openDoor: async () => {
      doors.push('open');
      return { url: 'http://127.0.0.1:1', release: async () => void doors.push('closed') };
    },
  });
  for (const kind of scriptsJobs(room)) jobs.register(kind);
  folder = path.join(parts.folder, 'code');
  mkdirSync(folder);
});
afterEach(async () => {
  await jobs.close();
  parts.close();
});

type Asked = Partial<Parameters<typeof scriptInput.parse>[0] & object>;

const start = (script: string, more: Asked = {}): string =>
  room.start(
    scriptInput.parse({
      command: ['/bin/sh', '-c', script],
      workingDirectory: folder,
      environment: { ...process.env, ...(more as { environment?: object }).environment },
      ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'environment')),
    }),
  ).job;

const run = async (script: string, more: Asked = {}): Promise<Job> => jobs.wait(start(script, more));
const said = (id: string): string[] => jobs.logs({ id, after: 0, limit: 5000 }).map(({ text }) => text);
const resultOf = (job: Job) => job.result as { run: string; exitCode: number; differences: unknown };

describe.skipIf(process.platform === 'win32')('a script (needs /bin/sh)', () => {
  it('becomes a run with its output, its code, and a way to the tracking server while it runs', async () => {
    const job = await run(
      'echo "$MLFLOW_TRACKING_URI $OMP_NUM_THREADS"; echo "$MLFLOW_TRACKING_TOKEN" > token; echo "oops $(printenv FALAJ_PASSPHRASE || echo no passphrase)" >&2',
      {
        experiment: 'vision',
        cpus: 3,
        environment: { FALAJ_PASSPHRASE: 'never', SECRET: 'CANARY-55' },
      },
    );
    expect(job).toMatchObject({ state: 'succeeded', result: { exitCode: 0, differences: null } });
    expect(said(job.id).sort()).toEqual(['http://127.0.0.1:1 3', 'oops no passphrase']);
    const kept = tracking.get({ id: resultOf(job).run });
    expect(kept).toMatchObject({ experiment: 'vision', status: 'finished' });
    expect(kept.tags).toMatchObject({ job: job.id, 'mlflow.source.type': 'LOCAL' });
    expect(doors).toEqual(['open', 'closed']);
    expect(tokens.list()).toEqual([]);
    const capture = (await tracking.artifact({ id: kept.id, path: 'falaj/script.json' })).toString();
    expect(JSON.parse(capture)).toMatchObject({
      workingDirectory: folder,
      resources: { cpus: 3 },
      git: null,
    });
    // What is kept has no value of the environment.
    const everything = JSON.stringify([job, kept, capture, parts.audit.list({}), jobs.list({ limit: 10 })]);
    expect(everything).not.toContain('CANARY-55');
  });

  it('fails with its exit code or signal, and its run with it', async () => {
    const failed = await run('exit 3');
    expect(failed).toMatchObject({
      state: 'failed',
      error: {
        code: 'CHILD_FAILED',
        message: expect.stringContaining('exit code 3'),
        details: { exitCode: 3 },
      },
    });
    const killed = await run('kill -9 $$');
    expect(killed.error?.message).toContain('SIGKILL');
    expect(tracking.list({}).map(({ status }) => status)).toEqual(['failed', 'failed']);
  });

  it('is refused where there is no such program, it may not be run, or its folder is gone', async () => {
    writeFileSync(path.join(folder, 'plain.sh'), 'echo hello\n');
    const missing = room.start(scriptInput.parse({ command: ['no-such-program'], workingDirectory: folder }));
    expect((await jobs.wait(missing.job)).error).toMatchObject({
      code: 'BAD_INPUT',
      message: '"no-such-program" was not found.',
    });
    const plain = room.start(scriptInput.parse({ command: ['./plain.sh'], workingDirectory: folder }));
    expect((await jobs.wait(plain.job)).error?.message).toBe('"./plain.sh" may not be run.');
    expect(() => start('true', { workingDirectory: path.join(folder, 'gone') })).toThrowError(
      expect.objectContaining({ code: 'FILE_NOT_FOUND' }),
    );
    expect((await run('true', { gpus: 2 })).error).toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
  });

  it('is ended with all that it started when it is cancelled', async () => {
    const id = start('sleep 300 & sleep 300 & echo "$FALAJ_RUN_ID"; wait');
    await expect.poll(() => said(id), { timeout: 20_000 }).toHaveLength(1);
    const [mark] = said(id);
    expect(processesMarked('FALAJ_RUN_ID', mark!).length > 0 || process.platform !== 'linux').toBe(true);
    jobs.cancel({ id });
    expect((await jobs.wait(id)).state).toBe('cancelled');
    expect(processesMarked('FALAJ_RUN_ID', mark!)).toEqual([]);
    expect(tracking.get({ id: mark! }).status).toBe('killed');
  });

  it.skipIf(process.platform === 'win32')(
    'is halted with all that it started, and goes on where it was',
    async () => {
      const id = start('(while true; do echo tick; sleep 0.02; done) & wait');
      await expect.poll(() => said(id).length, { timeout: 20_000 }).toBeGreaterThan(2);
      expect(jobs.pause({ id })).toMatchObject({ state: 'running', paused: true });
      await sleep(200);
      const before = said(id).length;
      await sleep(400);
      expect(said(id).length).toBe(before);
      jobs.resume({ id });
      await expect.poll(() => said(id).length, { timeout: 20_000 }).toBeGreaterThan(before + 2);
      jobs.pause({ id });
      jobs.cancel({ id });
      expect((await jobs.wait(id)).state).toBe('cancelled');
    },
  );

  it('is given GPUs as it asks for them', async () => {
    gpus = [{ id: 'GPU-1', memoryTotalBytes: 2 ** 34, memoryFreeBytes: 2 ** 34, isFailed: false }];
    const seen = 'echo "[$CUDA_VISIBLE_DEVICES]"';
    const environment = { CUDA_VISIBLE_DEVICES: '7' };
    const said = async (more: Asked): Promise<string> => {
      const { id } = await run(seen, { environment, ...more } as Asked);
      return jobs.logs({ id, after: 0, limit: 10 }).find(({ level }) => level === 'info')!.text;
    };
    expect(await said({ gpus: 1 })).toBe('[GPU-1]');
    expect(await said({ gpus: 0 })).toBe('[]');
    expect(await said({})).toBe('[7]');
  });

  it('may say a lot: what is kept is bounded', async () => {
    const job = await run(
      "yes 'a line of a hundred characters or so, again and again and again and again' | head -n 600000; echo end",
    );
    expect(job.state).toBe('succeeded');
    let characters = 0;
    let last = '';
    for (let after = 0; ; ) {
      const page = jobs.logs({ id: job.id, after, limit: 5000 });
      if (page.length === 0) break;
      for (const { text } of page) characters += text.length;
      last = page.at(-1)!.text;
      after = page.at(-1)!.sequence;
    }
    expect(last).toBe('end');
    expect(characters).toBeLessThan(10_000_000);
  }, 30_000);

  it('goes on when its run is removed under it', async () => {
    const id = start('echo "$FALAJ_RUN_ID"; sleep 1.5; echo done');
    await expect.poll(() => said(id), { timeout: 20_000 }).toHaveLength(1);
    tracking.remove({ id: said(id)[0]! });
    // Its load is measured after a second: there is nowhere to keep it.
    expect((await jobs.wait(id)).error).toMatchObject({ code: 'NOT_FOUND' });
    expect(said(id)).toContain('done');
  });

  it('comes to its own end when its token was taken back meanwhile', async () => {
    const id = start('while [ ! -e go ]; do sleep 0.05; done');
    await expect.poll(() => tokens.list(), { timeout: 20_000 }).toHaveLength(1);
    tokens.revoke({ id: tokens.list()[0]!.id });
    writeFileSync(path.join(folder, 'go'), '');
    expect(await jobs.wait(id)).toMatchObject({ state: 'succeeded', error: null });
    expect(doors).toEqual(['open', 'closed']);
  });

  const abandonedRun = (): string => {
    const { id } = tracking.clients.create({ experimentId: '0', tags: { [SCRIPT_TAG]: 'true' } });
    tokens.create({ scope: 'mlflow', ttlSeconds: 60, run: id });
    return id;
  };

  it('left behind by an engine that died is found and ended, and its run failed', async () => {
    const id = abandonedRun();
    const orphan = spawn('/bin/sleep', ['300'], {
      env: { FALAJ_RUN_ID: id },
      detached: true,
      stdio: 'ignore',
    });
    await once(orphan, 'spawn');
    await room.endAbandoned();
    expect(processesMarked('FALAJ_RUN_ID', id)).toEqual([]);
    expect(tracking.get({ id }).status).toBe('failed');
    expect(tokens.list()).toEqual([]);
    orphan.kill('SIGKILL');
  });

  it('left behind in a run that was deleted holds up nobody who opens the workspace', async () => {
    const id = abandonedRun();
    tracking.clients.setLifecycle(id, 'deleted');
    await room.endAbandoned();
    expect(tracking.clients.get(id)).toMatchObject({ status: 'failed', lifecycle: 'deleted' });
    expect(tracking.clients.unfinished(SCRIPT_TAG)).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('a script run again', () => {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.email=a@example.ae', '-c', 'user.name=A', ...args], {
      encoding: 'utf8',
    });

  const again = async (id: string): Promise<Job> => {
    const { job } = await room.rerun({ id, environment: process.env as Record<string, string> });
    return jobs.wait(job);
  };

  it('runs the code of then, with the changes of then, and tells what differs', async () => {
    const script = path.join(folder, 'train.sh');
    git('init', '-q');
    writeFileSync(script, 'echo first\n');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    writeFileSync(script, 'echo changed\n');
    const job = await run('sh train.sh');
    const { run: id } = resultOf(job);
    expect((await tracking.artifact({ id, path: 'falaj/changes.patch' })).toString()).toContain(
      '+echo changed',
    );
    expect(await room.code({ id })).toMatchObject({
      command: ['/bin/sh', '-c', 'sh train.sh'],
      git: {
        commit: git('rev-parse', 'HEAD').trim(),
        changes: expect.stringMatching(/^[0-9a-f]{64}$/),
        diff: expect.stringContaining('+echo changed'),
      },
    });
    expect(await room.code({ id: tracking.startRun({ experiment: 'e', name: 'own' }).id })).toBeNull();

    git('commit', '-q', '-a', '-m', 'second');
    writeFileSync(script, 'echo newest\n');
    const repeated = await again(id);
    expect(said(repeated.id)).toContain('changed');
    expect(resultOf(repeated).differences).toEqual([]);
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
    expect(existsSync(script)).toBe(true);
  });

  it('leaves what it makes in a copy of the code, and says where', async () => {
    const script = path.join(folder, 'train.sh');
    git('init', '-q');
    writeFileSync(
      script,
      'echo first; mkdir __pycache__; touch __pycache__/a; test -z "$MAKE" || echo weights > model.bin\n',
    );
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    const { run: id } = resultOf(await run('sh train.sh'));
    writeFileSync(script, 'echo changed\n');
    const without = await again(id);
    expect(said(without.id).join('\n')).not.toContain('stays in');

    const { job } = await room.rerun({
      id,
      environment: { ...(process.env as Record<string, string>), MAKE: '1' },
    });
    await jobs.wait(job);
    const [, kept] = /stays in (\S+):/.exec(said(job).join('\n'))!;
    expect(readFileSync(path.join(kept!, 'model.bin'), 'utf8')).toBe('weights\n');
    rmSync(path.dirname(kept!), { recursive: true });
  });

  it('tells of metrics and parameters that are not the same', async () => {
    const job = await run('true');
    const { run: id } = resultOf(job);
    tracking.clients.logBatch(id, {
      params: { lr: '0.1' },
      metrics: [{ metric: 'auc', step: 0, at: 0, value: 0.9 }],
    });
    const repeated = await again(id);
    expect(resultOf(repeated).differences).toEqual([
      { what: 'param', name: 'lr', before: '0.1', after: null },
      { what: 'metric', name: 'auc', before: '0.9', after: null },
    ]);
    const other = tracking.clients.create({ experimentId: '0' });
    await expect(again(other.id)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});
