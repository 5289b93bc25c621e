import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder, for this user alone, and those above it that are not there. Gives the first of those made, null when all were
 * there. Node's own way never ends where a file system makes no folders, as below /proc (`mkdirSync` with `recursive`).
 */
export function makeFolders(folder: string): string | null {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return null;
    const above = path.dirname(folder);
    if (code !== 'ENOENT' || existsSync(above)) throw error;
    const first = makeFolders(above);
    return makeFolders(folder) === null ? first : (first ?? folder);
  }
}
