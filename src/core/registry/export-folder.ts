import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { FalajError } from '../../shared/errors.ts';
import { makeFolders } from '../locations/index.ts';

export interface ExportedFile {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array | AsyncIterable<Uint8Array>;
}

/**
 * Writes files to a folder that is either there whole or not at all: into a sibling first, each file synced, then renamed.
 * A folder that holds something already is left alone.
 */
export async function exportFolder(
  folder: string,
  files: readonly ExportedFile[],
  signal?: AbortSignal,
): Promise<void> {
  const target = path.resolve(folder);
  const there = await readdir(target).catch(() => null);
  if (there !== null && there.length > 0) {
    throw new FalajError('ALREADY_EXISTS', `${target} is not empty.`, {
      hint: 'Choose a new folder: nothing is overwritten.',
    });
  }
  const staging = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.part`);
  try {
    makeFolders(path.dirname(target));
    await rm(staging, { recursive: true, force: true });
    for (const file of files) {
      signal?.throwIfAborted();
      const destination = path.join(staging, ...file.path.split('/'));
      await mkdir(path.dirname(destination), { recursive: true });
      const handle = await open(destination, 'wx', 0o600);
      try {
        await handle.writeFile(file.bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
    if (there !== null) await rmdir(target);
    await rename(staging, target);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw fileError(error, target);
  }
}

function fileError(error: unknown, target: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC')
    return new FalajError('DISK_FULL', `The disk is full while writing ${target}.`, { cause: error });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOENT') {
    return new FalajError('DISK_FAILED', `${target} may not be written.`, {
      hint: 'Choose a folder that is yours.',
      cause: error,
    });
  }
  return error;
}
