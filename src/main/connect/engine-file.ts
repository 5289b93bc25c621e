import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { makeFolders } from '../../core/locations/index.ts';

/** How a host finds the engine of a workspace. Written last, so whoever can read it can connect. */
export interface EngineFile {
  /** Path of the Unix socket, or name of the Windows pipe. */
  readonly socketPath: string;
  /** Bearer token of the socket; lives as long as the engine process. */
  readonly token: string;
  readonly pid: number;
  /** TCP port of the browser door; null when it is closed. */
  readonly port: number | null;
  readonly version: string;
  /** ISO-8601 in UTC. */
  readonly startedAt: string;
}

export const runFolder = (workspace: string): string => path.join(workspace, 'run');
export const engineFilePath = (workspace: string): string => path.join(runFolder(workspace), 'engine.json');

const isEngineFile = (value: unknown): value is EngineFile => {
  if (typeof value !== 'object' || value === null) return false;
  const file = value as Record<string, unknown>;
  return (
    typeof file['socketPath'] === 'string' &&
    typeof file['token'] === 'string' &&
    Number.isInteger(file['pid']) &&
    (file['port'] === null || Number.isInteger(file['port'])) &&
    typeof file['version'] === 'string' &&
    typeof file['startedAt'] === 'string'
  );
};

/**
 * The engine that last announced itself here, or null. It may have died since: only a connection tells. What a copy of a
 * workspace's folder brought along names the engine of the original, which must not be taken for the copy's own.
 */
export function readEngineFile(workspace: string): EngineFile | null {
  try {
    const file = engineFilePath(workspace);
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!isEngineFile(parsed) || !isAt(parsed, workspace)) return null;
    return isOwn(file, parsed.socketPath) ? parsed : null;
  } catch {
    return null; // absent, half a file of another version, or not ours to read: in each case there is nothing to attach to
  }
}

const isAt = (file: object, workspace: string): boolean =>
  'folder' in file && file.folder === realpathSync(workspace);

/**
 * Whoever can write into a shared workspace could announce a socket of theirs, and would be told the passphrase. So the
 * announcement must be this user's, and the socket lie where nobody else can put one. Windows names its pipes by user.
 */
function isOwn(file: string, socketPath: string): boolean {
  if (process.getuid === undefined) return true;
  const folder = statSync(path.dirname(socketPath));
  return (
    [statSync(file).uid, folder.uid].every((owner) => owner === process.getuid?.()) &&
    (folder.mode & 0o077) === 0
  );
}

/** Replaces the announcement in one step, readable by this user alone. */
export function writeEngineFile(workspace: string, file: EngineFile): void {
  makeFolders(runFolder(workspace));
  const target = engineFilePath(workspace);
  const fresh = `${target}.${process.pid}`;
  rmSync(fresh, { force: true }); // what lies there has a mode, and perhaps an owner, of its own
  const descriptor = openSync(fresh, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify({ ...file, folder: realpathSync(workspace) })}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(fresh, target);
}

/** Removes the announcement if it is still the one of `pid`: a successor's is left alone. */
export function removeEngineFile(workspace: string, pid: number): void {
  if (readEngineFile(workspace)?.pid === pid) rmSync(engineFilePath(workspace), { force: true });
}
