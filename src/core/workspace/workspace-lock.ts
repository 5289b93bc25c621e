import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { FalajError } from '../../shared/errors.ts';
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
 * Throws WORKSPACE_IN_USE naming the holder.
 */
export function takeWorkspaceLock(folder: string): WorkspaceLock {
  const file = path.join(folder, LOCK_FILE);
  const own: LockHolder = { pid: process.pid, startedAt: processStartedAt(process.pid), host: os.hostname() };
  const content = JSON.stringify(own);
  const candidate = `${file}.${process.pid}.${process.hrtime.bigint()}`;
  writeFileSync(candidate, content, { mode: 0o600, flush: true });
  try {
    // A link appears at once and whole, or not at all: nobody ever reads a half-written lock.
    for (let attempt = 0; attempt < 3; attempt++) {
      if (linked(candidate, file)) return { release: () => releaseIfOwn(file, content) };
      removeIfStale(file, `${candidate}.stale`);
    }
  } finally {
    rmSync(candidate, { force: true });
  }
  throw inUse(folder, readHolder(file));
}

/** Who holds the workspace now, or null when nobody living does. */
export function workspaceHolder(folder: string): LockHolder | null {
  const holder = readHolder(path.join(folder, LOCK_FILE));
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

function removeIfStale(file: string, aside: string): void {
  const seen = readText(file);
  if (seen === null) return;
  const holder = parseHolder(seen);
  if (holder !== null && isAlive(holder)) throw inUse(path.dirname(file), holder);
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // Between reading and renaming another starter may have taken the stale lock over: then give it back its own.
  if (readText(aside) !== seen) linked(aside, file);
  rmSync(aside, { force: true });
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
    return (error as NodeJS.ErrnoException).code === 'EPERM';
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
    hint: 'Use the running workstation, or close it first. If it runs on another machine that has gone, delete falaj.lock.',
    details: holder === null ? {} : { pid: holder.pid, host: holder.host },
  });
}
