import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { FalajError } from '../../shared/errors.ts';
import { diskError } from '../store/index.ts';
import { processStartedAt } from './process-start.ts';

const holderSchema = z.object({
  pid: z.number().int().positive(),
  /** When that process started, as the system tells it: a pid alone may have been given to another process since. */
  startedAt: z.string().nullable(),
  host: z.string(),
});

export type LockHolder = z.infer<typeof holderSchema>;

export interface WorkspaceLock {
  release(): void;
}

const LOCK_FILE = 'falaj.lock';

/**
 * Takes a workspace for this process. The lock of a process that is gone is taken over; one of another machine never is.
 * Throws WORKSPACE_IN_USE naming the holder, DISK_FULL or DISK_FAILED.
 */
export function takeWorkspaceLock(folder: string): WorkspaceLock {
  const file = path.join(folder, LOCK_FILE);
  const own: LockHolder = { pid: process.pid, startedAt: processStartedAt(process.pid), host: os.hostname() };
  const content = JSON.stringify(own);
  const candidate = `${file}.${process.pid}.${process.hrtime.bigint()}`;
  try {
    writeFileSync(candidate, content, { mode: 0o600, flush: true });
    // A link appears at once and whole, or not at all: nobody ever reads a half-written lock.
    for (let attempt = 0; attempt < 3; attempt++) {
      if (linked(candidate, file)) return { release: () => releaseIfOwn(file, content) };
      removeIfStale(file, candidate);
    }
  } catch (error) {
    throw diskError(error, file);
  } finally {
    rmSync(candidate, { force: true });
  }
  throw inUse(folder, readHolder(file));
}

/** Who holds the workspace now, or null when nobody living does. */
export const workspaceHolder = (folder: string): LockHolder | null =>
  livingHolder(path.join(folder, LOCK_FILE));

function livingHolder(file: string): LockHolder | null {
  const holder = readHolder(file);
  return holder !== null && isAlive(holder) ? holder : null;
}

function linked(candidate: string, file: string): boolean {
  try {
    linkSync(candidate, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Only whoever has claimed a stale lock removes it, and looks once more before: another starter may have put its own in the
 * place since. A claim is a lock like any other, so that of a process that died with it is removed in the same way.
 */
function removeIfStale(file: string, candidate: string): void {
  const holder = livingHolder(file);
  if (holder !== null) throw inUse(path.dirname(file), holder);
  const claim = `${file}.claim`;
  if (!linked(candidate, claim)) {
    removeIfStale(claim, candidate);
    return;
  }
  try {
    if (isStale(file)) rmSync(file, { force: true });
  } finally {
    rmSync(claim, { force: true });
  }
}

/** A lock that is there, but of nobody living. One that is gone is not stale: the next starter may be about to make its own. */
function isStale(file: string): boolean {
  const text = readText(file);
  if (text === null) return false;
  const holder = parseHolder(text);
  return holder === null || !isAlive(holder);
}

function releaseIfOwn(file: string, content: string): void {
  if (readText(file) === content) rmSync(file, { force: true });
}

function isAlive(holder: LockHolder): boolean {
  // Another machine's process cannot be seen from here: its lock is believed.
  if (holder.host !== os.hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // Another user's process lives too; whether it is the one that took the lock, its start time tells.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const startedAt = processStartedAt(holder.pid);
  return holder.startedAt === null || startedAt === null || startedAt === holder.startedAt;
}

const readHolder = (file: string): LockHolder | null => {
  const text = readText(file);
  return text === null ? null : parseHolder(text);
};

function parseHolder(text: string): LockHolder | null {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    // A lock that cannot be read is nobody's: a link makes ours appear whole, so it is not half of one.
    return null;
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function inUse(folder: string, holder: LockHolder | null): FalajError {
  const who = holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new FalajError('WORKSPACE_IN_USE', `The workspace ${folder} is in use by ${who}.`, {
    hint:
      holder === null || holder.host === os.hostname()
        ? 'Wait until its command has ended, or stop it. Commands in several terminals work at the same time once `falaj unlock` has opened the workspace.'
        : 'Use the workstation that runs there, or close it first. If that machine has gone, delete falaj.lock.',
    details: holder === null ? {} : { pid: holder.pid, host: holder.host },
  });
}
