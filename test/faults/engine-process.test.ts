import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  attachToEngine,
  type EngineDoor,
  type EngineDoorOptions,
  openEngineDoor,
} from '../../src/main/connect/engine-door.ts';
import { engineFilePath, readEngineFile, writeEngineFile } from '../../src/main/connect/engine-file.ts';
import { createSocketClient } from '../../src/main/connect/socket-client.ts';
import { closeServer, createHttpServer, listen } from '../../src/main/engine/http-server.ts';
import { ENGINE } from './engine-support/programs.ts';

const PASSPHRASE = 'a passphrase for the tests 31';

let folder: string;
const pids = new Set<number>();
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'fp-'));
});
afterEach(async () => {
  for (const pid of pids) kill(pid, 'SIGKILL');
  for (const pid of pids) await until(() => !isAlive(pid));
  pids.clear();
  rmSync(folder, { recursive: true, force: true });
});

function kill(pid: number, signal: NodeJS.Signals): void {
  if (isAlive(pid)) process.kill(pid, signal);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // gone, perhaps between the two looks
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end && !condition(); )
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
}

async function open(options: Partial<EngineDoorOptions> = {}): Promise<EngineDoor> {
  const door = await openEngineDoor({
    workspace: path.join(folder, 'workspace'),
    program: { node: process.execPath, engine: ENGINE },
    logFile: path.join(folder, 'engine.log'),
    onGone: () => undefined,
    engineArguments: ['--idle-exit-ms', '60000'],
    ...options,
    environment: { ...(options.environment ?? process.env), XDG_RUNTIME_DIR: folder }, // what a killed engine leaves goes with it
  });
  pids.add(door.pid);
  return door;
}

describe('the engine as a process', () => {
  it('is one, however many hosts start it at once', async () => {
    const doors = await Promise.all([open(), open(), open()]);
    expect(new Set(doors.map((door) => door.pid)).size).toBe(1);
    for (const door of doors) door.close();
  });

  it('tells its host when it is killed, and the next host starts anew in spite of what it left', async () => {
    let gone = 0;
    const door = await open({ onGone: () => gone++ });
    const left = readEngineFile(path.join(folder, 'workspace'));
    kill(door.pid, 'SIGKILL');
    await until(() => gone === 1);
    expect(existsSync(left!.socketPath)).toBe(true);
    const next = await open();
    expect(next.pid).not.toBe(door.pid);
    expect(next.started).toBe(true);
    next.close();
  });

  it('keeps what it had reported done through a kill, and is open for the next only with the passphrase', async () => {
    const door = await open();
    const { client } = createSocketClient(door);
    await client.workspace.create({ name: 'Kept', passphrase: PASSPHRASE });
    kill(door.pid, 'SIGKILL');
    await until(() => !isAlive(door.pid));
    const next = createSocketClient(await open());
    expect(await next.client.workspace.status()).toMatchObject({ state: 'locked', name: null });
    await expect(next.client.workspace.unlock({ passphrase: 'not the passphrase' })).rejects.toMatchObject({
      code: 'WRONG_PASSPHRASE',
    });
    expect(await next.client.workspace.unlock({ passphrase: PASSPHRASE })).toMatchObject({
      state: 'open',
      name: 'Kept',
    });
    expect(await next.client.audit.verify()).toMatchObject({ intact: true });
  });

  it('opens at its start with the passphrase of its surroundings, and stops cleanly when asked', async () => {
    const first = await open();
    await createSocketClient(first).client.workspace.create({ name: 'Served', passphrase: PASSPHRASE });
    kill(first.pid, 'SIGTERM');
    await until(() => !isAlive(first.pid));
    const second = await open({ environment: { ...process.env, FALAJ_PASSPHRASE: PASSPHRASE } });
    expect(await createSocketClient(second).client.workspace.status()).toMatchObject({ state: 'open' });
    const announced = readEngineFile(path.join(folder, 'workspace'))!;
    kill(second.pid, 'SIGTERM');
    await until(() => !isAlive(second.pid));
    expect(existsSync(announced.socketPath)).toBe(false);
    expect(existsSync(engineFilePath(path.join(folder, 'workspace')))).toBe(false);
    expect(existsSync(path.join(folder, 'workspace', 'falaj.lock'))).toBe(false);
    expect(readFileSync(path.join(folder, 'engine.log'), 'utf8')).not.toContain(PASSPHRASE);
  });

  it('ends by itself when the last host has left', async () => {
    const door = await open({ engineArguments: ['--idle-exit-ms', '150'] });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(isAlive(door.pid)).toBe(true);
    door.close();
    await until(() => !isAlive(door.pid));
  });

  it.runIf(process.platform === 'linux')('leaves no core dump, which would hold its keys', async () => {
    const door = await open();
    expect(readFileSync(`/proc/${door.pid}/limits`, 'utf8')).toMatch(/^Max core file size +0 +0 /m);
    kill(door.pid, 'SIGTERM');
    await until(() => !isAlive(door.pid));
  });

  it('says why it did not start, with the end of its log', async () => {
    const broken = path.join(folder, 'broken.mjs');
    writeFileSync(broken, "process.stderr.write('the disk is on fire\\n'); process.exit(9);");
    await expect(open({ program: { node: process.execPath, engine: broken } })).rejects.toMatchObject({
      code: 'ENGINE_FAILED_TO_START',
      message: expect.stringContaining('the disk is on fire'),
      details: { reason: 'exit code 9' },
    });
    await expect(open({ program: { node: '/no/such/node', engine: ENGINE } })).rejects.toMatchObject({
      code: 'ENGINE_FAILED_TO_START',
    });
  });

  it('refuses a wrong passphrase of the surroundings at once', async () => {
    const door = await open();
    await createSocketClient(door).client.workspace.create({ name: 'Shut', passphrase: PASSPHRASE });
    kill(door.pid, 'SIGTERM');
    await until(() => !isAlive(door.pid));
    await expect(
      open({ environment: { ...process.env, FALAJ_PASSPHRASE: 'not the passphrase' } }),
    ).rejects.toMatchObject({
      code: 'ENGINE_FAILED_TO_START',
      message: expect.stringContaining('WRONG_PASSPHRASE'),
    });
  });
});

describe('attaching', () => {
  it('finds nobody where no engine ever was, or where its announcement is broken', async () => {
    expect(await attachToEngine(folder, () => undefined)).toBeNull();
    writeEngineFile(folder, {
      socketPath: path.join(folder, 'none.sock'),
      token: 't',
      pid: 1,
      port: null,
      version: '1',
      startedAt: '',
    });
    expect(await attachToEngine(folder, () => undefined)).toBeNull();
    writeFileSync(engineFilePath(folder), '{"socketPath":');
    expect(await attachToEngine(folder, () => undefined)).toBeNull();
  });

  it('refuses an engine of another version, and names its process', async () => {
    const server = createHttpServer(
      async (_request, response) => void response.writeHead(200).flushHeaders(),
      () => undefined,
    );
    const socketPath = path.join(folder, 'old.sock');
    await listen(server, socketPath);
    writeEngineFile(folder, {
      socketPath,
      token: 't',
      pid: 4242,
      port: null,
      version: '0.0.1',
      startedAt: '',
    });
    await expect(attachToEngine(folder, () => undefined)).rejects.toMatchObject({
      code: 'VERSION_MISMATCH',
      details: { pid: 4242, running: '0.0.1' },
    });
    await closeServer(server);
  });
});
