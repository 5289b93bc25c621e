import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, cpSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readEngineFile } from '../../src/main/connect/engine-file.ts';
import { CLI } from './engine-support/programs.ts';

/** Three million rows of a public dataset: long enough to be stopped in. */
const FLIGHTS = path.resolve(import.meta.dirname, '../../node_modules/vega-datasets/data/flights-3m.parquet');
const PASSPHRASE = 'a passphrase for the tests 32';

let template: string;
let folder: string;
let workspace: string;
const running = new Set<ChildProcess>();
beforeAll(async () => {
  template = mkdtempSync(path.join(os.tmpdir(), 'ft-'));
  folder = template;
  workspace = path.join(template, 'workspace');
  expect((await falaj(['init', '--name', 'Tests'])).code).toBe(0);
});
afterAll(() => rmSync(template, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'fx-'));
  workspace = path.join(folder, 'workspace');
});
afterEach(async () => {
  const engine = readEngineFile(workspace);
  if (engine !== null && engine.pid !== process.pid) stop(engine.pid);
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(
    [...running].map(
      (child) => child.exitCode ?? child.signalCode ?? new Promise((resolve) => child.once('exit', resolve)),
    ),
  );
  running.clear();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function stop(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

/** A workspace made beforehand: deriving keys takes its time on purpose. */
const takeWorkspace = (): void => cpSync(path.join(template, 'workspace'), workspace, { recursive: true });

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
  out(): string;
  err(): string;
}

function start(
  given: readonly string[],
  environment: Record<string, string> = { FALAJ_PASSPHRASE: PASSPHRASE },
): Started {
  const { FALAJ_PASSPHRASE: _, FALAJ_WORKSPACE: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [CLI, '--workspace', workspace, ...given], {
    env: { ...inherited, XDG_RUNTIME_DIR: folder, ...environment },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, out, err })),
  );
  return { child, ended, out: () => out, err: () => err };
}

const falaj = (given: readonly string[], environment?: Record<string, string>) =>
  start(given, environment).ended;

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 25_000; Date.now() < end && !condition(); )
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}

async function document<Shape>(started: Started): Promise<Shape> {
  for (
    const end = Date.now() + 25_000;
    Date.now() < end;
    await new Promise((resolve) => setTimeout(resolve, 10))
  ) {
    try {
      return JSON.parse(started.out()) as Shape;
    } catch {
      // not all of it yet
    }
  }
  throw new Error(`No document: ${started.out()}`);
}

describe('falaj, as people run it', () => {
  it('makes a workspace, shows its recovery key once, and opens it only with the passphrase', async () => {
    const made = await falaj(['init', '--name', 'مختبر', '--json']);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(made.out)).toEqual({
      workspace,
      name: 'مختبر',
      recoveryKey: expect.stringMatching(/^[A-Z0-9-]{30,}$/),
    });

    const again = await falaj(['init', '--name', 'Again', '--json']);
    expect(again.code).toBe(1);
    expect(JSON.parse(again.err)).toMatchObject({ error: { code: 'ALREADY_EXISTS' } });

    const locked = await falaj(['jobs', 'ls'], {});
    expect(locked.code).toBe(4);
    expect(locked.err).toMatch(/^error\[WORKSPACE_LOCKED\]/);

    const wrong = await Promise.all(
      ['wrong passphrase 1', 'b'].map((passphrase) =>
        falaj(['jobs', 'ls'], { FALAJ_PASSPHRASE: passphrase }),
      ),
    );
    expect(wrong.map((result) => result.code)).toEqual([4, 4]);
    expect(wrong[0]!.err).toBe(wrong[1]!.err);
    expect(wrong[0]!.err).toMatch(/^error\[WRONG_PASSPHRASE\]/);

    writeFileSync(path.join(folder, 'secret'), `${PASSPHRASE}\n`, { mode: 0o600 });
    expect(
      await falaj(['jobs', 'ls', '--json'], { FALAJ_PASSPHRASE_FILE: path.join(folder, 'secret') }),
    ).toMatchObject({ code: 0, out: '[]\n' });
  });

  it('lets two commands at once take turns', async () => {
    takeWorkspace();
    const results = await Promise.all([
      falaj(['jobs', 'ls']),
      falaj(['audit', 'verify']),
      falaj(['runs', 'ls']),
    ]);
    expect(results.map((result) => result.code)).toEqual([0, 0, 0]);
  });

  it('says that no runs are listed because the experiment is not there', async () => {
    takeWorkspace();
    const { code, out, err } = await falaj(['runs', 'ls', '--experiment', 'fraud', '--json']);
    expect([code, JSON.parse(out)]).toEqual([0, []]);
    expect(err).toContain('There is no experiment "fraud".');
  }, 60_000);

  it('shows at its end what the work warned of, beside the one document of --json', async () => {
    takeWorkspace();
    const file = path.join(folder, 'latin.csv');
    writeFileSync(file, Buffer.from('id,name\n1,caf\xe9\n', 'latin1'));
    const { code, out, err } = await falaj(['data', 'import', file, '--name', 'latin', '--json']);
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ rows: 1 })]);
    expect(err).toContain('warning: The text is not UTF-8; it was read as Latin-1.');
    const quiet = await falaj(['data', 'import', file, '--name', 'again', '--quiet']);
    expect(quiet).toMatchObject({ code: 0, err: '' });
  }, 60_000);

  it('refuses a folder that is used for something else', async () => {
    writeFileSync(path.join(folder, 'thesis.txt'), 'mine');
    const result = await falaj(['init', folder, '--name', 'Here', '--json']);
    expect(result.code).toBe(1);
    expect(JSON.parse(result.err)).toMatchObject({ error: { code: 'WORKSPACE_NOT_EMPTY' } });
    expect(existsSync(path.join(folder, 'vault.json'))).toBe(false);
  });

  it('leaves no folder behind when no workspace came of it', async () => {
    const weak = await falaj(['init', '--name', 'Tests'], { FALAJ_PASSPHRASE: 'short' });
    expect(weak.code).toBe(2);
    expect(weak.err).toMatch(/^error\[WEAK_PASSPHRASE\]: .+\nhint: .+\n$/);
    const nameless = await falaj(['init', '--name', ' ']);
    expect(nameless.code).toBe(2);
    expect(nameless.err).toMatch(/^error\[BAD_INPUT\]: name: The name is empty\.\nhint: .+\n$/);
    expect((await falaj(['run', '--', 'true'])).code).toBe(5);
    expect(existsSync(workspace)).toBe(false);
  });

  it('tries a script again, shows what it says this time, and does not hold up other commands', async () => {
    takeWorkspace();
    const script = `echo begun; test -e ${folder}/ready || exit 3; echo done`;
    expect(await falaj(['run', '--', 'sh', '-c', script])).toMatchObject({ code: 1, out: 'begun\n' });
    const [{ id }] = JSON.parse((await falaj(['jobs', 'ls', '--json'])).out) as [{ id: string }];
    expect(await falaj(['jobs', 'retry', id])).toMatchObject({ code: 1, out: 'begun\n' });
    writeFileSync(path.join(folder, 'ready'), '');
    const detached = await falaj(['jobs', 'retry', id, '--detach', '--json']);
    expect(JSON.parse(detached.out)).toEqual({ job: id });
    expect((await falaj(['jobs', 'logs', id, '--follow'])).out).toMatch(/done\n$/);
    expect(JSON.parse((await falaj(['jobs', 'show', id, '--json'])).out)).toMatchObject({
      state: 'succeeded',
    });
  });

  it('takes one Ctrl-C that comes twice for one', async () => {
    takeWorkspace();
    const stopped = start(['data', 'import', FLIGHTS, '--name', 'flights']);
    await until(() => stopped.err().includes('import'));
    stopped.child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 20));
    stopped.child.kill('SIGINT');
    expect((await stopped.ended).code).toBe(130);
    const jobs = JSON.parse((await falaj(['jobs', 'ls', '--json'])).out) as { state: string }[];
    expect(jobs.map((job) => job.state)).toEqual(['cancelled']);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'says that its output takes no more, without a stack trace',
    async () => {
      const full = openSync('/dev/full', 'w');
      const child = spawn(process.execPath, [CLI, 'version'], { stdio: ['ignore', full, 'pipe'] });
      closeSync(full);
      let err = '';
      child.stderr!.setEncoding('utf8').on('data', (text: string) => (err += text));
      expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
      expect(err).toMatch(/^error\[DISK_FULL\]: .+\nhint: .+\n$/);
    },
  );

  it('serves the workstation until Ctrl-C, and a second host joins the same engine', async () => {
    takeWorkspace();
    const first = start(['ui', '--port', '0', '--json']);
    const door = await document<{ url: string; token: string; pid: number; version: string }>(first);
    expect(door).toMatchObject({
      pid: first.child.pid,
      version: expect.any(String),
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    const answer = await fetch(`${door.url}/api/workspace`, {
      headers: { authorization: `Bearer ${door.token}` },
    });
    expect(await answer.json()).toMatchObject({
      state: 'open',
      name: 'Tests',
      engine: { pid: door.pid, url: door.url },
    });

    const attached = await falaj(['jobs', 'ls', '--json'], {});
    expect(attached).toMatchObject({ code: 0, out: '[]\n' });
    const second = start(['up', '--port', '0', '--json'], {});
    const other = await document<{ url: string; token: string; pid: number }>(second);
    expect(other.pid).toBe(door.pid);
    expect(other.url).not.toBe(door.url);
    second.child.kill('SIGINT');
    expect(await second.ended).toMatchObject({ code: 0, err: '' });
    const again = await falaj(['ui', '--port', new URL(door.url).port], {});
    expect(again).toMatchObject({
      code: 1,
      err: expect.stringContaining(`This workspace is at ${door.url} already.\nhint: `),
    });
    await expect(fetch(`${other.url}/health/live`)).rejects.toThrow('fetch failed');
    expect((await fetch(`${door.url}/health/live`)).status).toBe(200);

    const socketPath = readEngineFile(workspace)!.socketPath;
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(0);
    expect(existsSync(socketPath)).toBe(false);
  });

  it('says that the port is taken, and leaves nothing running', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = (server.address() as net.AddressInfo).port;
    const result = await falaj(['up', '--port', String(port), '--json'], {});
    server.close();
    expect(result.code).toBe(1);
    expect(JSON.parse(result.err)).toMatchObject({
      error: { code: 'PORT_IN_USE', hint: expect.stringContaining('--port') },
    });
    expect(readEngineFile(workspace)).toBeNull();
  });

  it('unlocks into an engine that stays, and locks it', async () => {
    takeWorkspace();
    expect((await falaj(['unlock', '--for', '1m'])).code).toBe(0);
    expect(JSON.parse((await falaj(['status', '--json'], {})).out)).toMatchObject({
      state: 'open',
      locked: false,
      engine: { pid: expect.any(Number), url: null },
    });
    expect((await falaj(['lock'], {})).out).toBe('Locked.\n');
    expect((await falaj(['jobs', 'ls'], {})).code).toBe(4);
  });

  it('stops an import at Ctrl-C or kill -9 and leaves nothing half-done', async () => {
    takeWorkspace();
    const given = ['data', 'import', FLIGHTS, '--name', 'flights', '--event-time', 'date'];
    const stopped = start(given);
    await until(() => stopped.err().includes('import'));
    stopped.child.kill('SIGINT');
    const end = await stopped.ended;
    expect(end).toMatchObject({ code: 130, out: '' });
    expect(end.err).toMatch(/error\[CANCELLED\]: .+\n$/);

    const killed = start(given);
    await until(() => killed.err().includes('import'));
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(JSON.parse((await falaj(['data', 'ls', '--json'])).out)).toEqual([]);
    const jobs = JSON.parse((await falaj(['jobs', 'ls', '--json'])).out) as { state: string }[];
    expect(jobs.map((job) => job.state)).toEqual(['interrupted', 'cancelled']);
  }, 90_000);
});
