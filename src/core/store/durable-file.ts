import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { FalajError } from '../../shared/errors.ts';

const TEMP_MARK = '.tmp-';

/** Temporary files carry the process id, and stay in the folder of their target so that the rename is atomic. */
export const temporaryName = (name: string): string =>
  `${name}${TEMP_MARK}${process.pid}-${randomBytes(6).toString('hex')}`;

export const isTemporaryName = (name: string): boolean => name.includes(TEMP_MARK);

/** Makes a rename or an unlink in this folder survive a power loss. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates the folder (private to the user) and makes its own entry durable. */
export async function makeFolderDurably(folder: string): Promise<void> {
  try {
    const created = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (created !== undefined) await syncFolder(path.dirname(folder));
  } catch (error) {
    throw diskError(error, folder);
  }
}

/**
 * Replaces a file in one step: afterwards, even after a crash, it has either its old or its new content. `write` fills
 * the temporary file, which is gone when anything fails.
 */
export async function replaceFile(file: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  const temporary = path.join(path.dirname(file), temporaryName(path.basename(file)));
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw diskError(error, file);
  }
}

/** Removes what a crash left of earlier replacements of this file. Only for whoever holds the workspace. */
export async function sweepTemporary(file: string): Promise<void> {
  const prefix = path.basename(file) + TEMP_MARK;
  for (const name of await readdir(path.dirname(file))) {
    if (name.startsWith(prefix)) await rm(path.join(path.dirname(file), name), { force: true });
  }
}

/** Turns an error of the file system into one a person understands; others stay as they are. */
export function diskError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof FalajError) return error;
  const options = { details: { file, system: String(error.code) }, cause: error };
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new FalajError(
        'DISK_FULL',
        `The disk is full: ${file} could not be written. Nothing of it was kept.`,
        {
          ...options,
          hint: 'Free some space on this disk and try again.',
        },
      );
    case 'EIO':
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOTDIR':
    case 'EEXIST':
      return new FalajError('DISK_FAILED', `${file} could not be read or written (${error.code}).`, {
        ...options,
        hint: 'Check the disk and the rights of the folder. Nothing of this change is taken as saved.',
      });
    default:
      return error;
  }
}
