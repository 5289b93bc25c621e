import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeWorkspaceLock, workspaceHolder } from '../../src/core/workspace/workspace-lock.ts';
import { Product, until } from './engine-support/product.ts';

const STARTERS = 5;
const ROUNDS = 150;

describe('the lock of a workspace', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(process.platform !== 'linux')(
    'is taken over from a killed process that nobody has waited for',
    async () => {
      // The shell becomes a sleep, which never waits for the child that it has inherited.
      const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      try {
        const [text] = (await once(parent.stdout, 'data')) as [Buffer];
        const pid = Number(text.toString());
        const stat = (): string[] => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
        const holder = { pid, startedAt: stat()[19]!, host: os.hostname() };
        writeFileSync(path.join(folder, 'falaj.lock'), JSON.stringify(holder));
        expect(() => takeWorkspaceLock(folder)).toThrow(/in use by process/);
        await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n');
        process.kill(pid, 'SIGKILL');
        await until(() => stat()[0] === 'Z');
        const lock = takeWorkspaceLock(folder);
        expect(workspaceHolder(folder)?.pid).toBe(process.pid);
        lock.release();
      } finally {
        parent.kill('SIGKILL');
      }
    },
  );

  it('of a dead process goes to one of many that start at once', async () => {
    const program = fileURLToPath(new URL('./lock-race-child.ts', import.meta.url));
    const starters = Array.from({ length: STARTERS }, () => fork(program));
    const answerOf = async (starter: ChildProcess): Promise<unknown> => (await once(starter, 'message'))[0];
    try {
      await Promise.all(starters.map(answerOf));
      for (let round = 0; round < ROUNDS; round++) {
        const contested = path.join(folder, String(round));
        mkdirSync(contested);
        const dead = { pid: 2 ** 22 + 1, startedAt: '1', host: os.hostname() };
        writeFileSync(path.join(contested, 'falaj.lock'), JSON.stringify(dead));
        const answers = Promise.all(starters.map(answerOf));
        for (const starter of starters) starter.send({ folder: contested, at: Date.now() + 8 });
        const expected = ['WORKSPACE_IN_USE', 'WORKSPACE_IN_USE', 'WORKSPACE_IN_USE', 'WORKSPACE_IN_USE'];
        expect([...(await answers)].sort(), `round ${round}`).toEqual([...expected, 'taken']);
        expect(readdirSync(contested)).toEqual(['falaj.lock']);
      }
    } finally {
      for (const starter of starters) starter.kill('SIGKILL');
    }
  });
});

describe('two instances on one workspace', () => {
  it('share its engine, and one that would be a second engine is told who holds it', async () => {
    const product = new Product();
    try {
      const first = await product.openEngine();
      const second = await product.openEngine();
      expect(second.pid).toBe(first.pid);
      expect(() => takeWorkspaceLock(product.workspace)).toThrow(`process ${first.pid}`);
      await product.killEngine(first.pid);
      const { client, close } = await product.openHere();
      expect(await client.workspace.status()).toMatchObject({ state: 'open' });
      expect(workspaceHolder(product.workspace)?.pid).toBe(process.pid);
      await close();
      expect(workspaceHolder(product.workspace)).toBeNull();
    } finally {
      await product.close();
    }
  });

  it('never reach the engine of the original from a copy of its folder', async () => {
    const product = new Product();
    try {
      const { pid, client } = await product.openEngine();
      await client.workspace.lock();
      const copy = path.join(product.root, 'copy');
      cpSync(product.workspace, copy, { recursive: true });
      expect(await product.run(['data', 'ls', '--workspace', copy])).toMatchObject({ code: 0 });
      expect(await client.workspace.status()).toMatchObject({ state: 'locked' });
      product.environment['FALAJ_PASSPHRASE'] = 'not the passphrase';
      expect(await product.run(['data', 'ls', '--workspace', copy])).toMatchObject({ code: 4 });
      await product.killEngine(pid);
    } finally {
      await product.close();
    }
  });
});
