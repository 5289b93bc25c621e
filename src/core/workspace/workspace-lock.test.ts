import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processStartedAt } from './process-start.ts';
import { takeWorkspaceLock, workspaceHolder } from './workspace-lock.ts';

let folder: string;
const file = (): string => path.join(folder, 'falaj.lock');
const ownedBy = (pid: number): string =>
  JSON.stringify({ pid, startedAt: processStartedAt(pid), host: os.hostname() });

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the workspace lock', () => {
  it('is taken, refused to a second taker with the holder named, and given back', () => {
    const lock = takeWorkspaceLock(folder);
    expect(workspaceHolder(folder)?.pid).toBe(process.pid);
    expect(() => takeWorkspaceLock(folder)).toThrow(`in use by process ${process.pid}`);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    takeWorkspaceLock(folder).release();
  });

  it('takes over the lock of a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.once('exit', resolve));
    writeFileSync(file(), JSON.stringify({ pid: child.pid, startedAt: '1', host: os.hostname() }));
    const lock = takeWorkspaceLock(folder);
    expect(JSON.parse(readFileSync(file(), 'utf8')).pid).toBe(process.pid);
    lock.release();
  });

  it.runIf(process.platform === 'linux')('takes over when the pid was given to a younger process', () => {
    writeFileSync(file(), JSON.stringify({ pid: process.ppid, startedAt: 'long ago', host: os.hostname() }));
    takeWorkspaceLock(folder).release();
  });

  it.runIf(process.platform === 'linux')(
    'takes over when the pid was given to another user’s process',
    () => {
      writeFileSync(file(), JSON.stringify({ pid: 1, startedAt: 'long ago', host: os.hostname() }));
      takeWorkspaceLock(folder).release();
    },
  );

  it('leaves a stale lock to whoever is taking it over already', () => {
    const stale = JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1', host: os.hostname() });
    writeFileSync(file(), stale);
    writeFileSync(`${file()}.claim`, ownedBy(process.ppid));
    expect(() => takeWorkspaceLock(folder)).toThrow(`in use by process ${process.ppid}`);
    expect(readFileSync(file(), 'utf8')).toBe(stale);
    writeFileSync(`${file()}.claim`, stale);
    takeWorkspaceLock(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('believes the lock of another machine', () => {
    writeFileSync(file(), JSON.stringify({ pid: 1, startedAt: null, host: 'elsewhere.example' }));
    expect(() => takeWorkspaceLock(folder)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('on elsewhere.example'),
        hint: expect.stringContaining('delete falaj.lock'),
      }),
    );
  });

  it('tells who waits on the same machine how several commands work at once', () => {
    writeFileSync(file(), ownedBy(process.ppid));
    expect(() => takeWorkspaceLock(folder)).toThrow(
      expect.objectContaining({
        code: 'WORKSPACE_IN_USE',
        hint: expect.stringMatching(/Wait until its command has ended.*falaj unlock/),
      }),
    );
  });

  it('takes over a lock file that holds garbage', () => {
    writeFileSync(file(), '{"pid":');
    takeWorkspaceLock(folder).release();
  });

  it('does not delete a lock that has since become somebody else’s', () => {
    const lock = takeWorkspaceLock(folder);
    const other = ownedBy(process.ppid);
    writeFileSync(file(), other);
    lock.release();
    expect(readFileSync(file(), 'utf8')).toBe(other);
  });
});
