import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { FalajError } from '../../shared/errors.ts';
import { makeFolders } from '../locations/index.ts';
import { hasVault } from '../vault/index.ts';
import { isHalfMade } from './creation.ts';

/** What hosts put into the folder before there is a workspace. */
const OF_HOSTS: ReadonlySet<string> = new Set(['falaj.lock', 'run']);

/**
 * Makes the folder of a new workspace; one that is there must hold nothing but what hosts put there. Gives what takes it
 * all back when the workspace could not be made: the content too where it is the caller's, else only folders that are still empty.
 */
export function makeWorkspaceFolder(folder: string): (undo: { readonly content: boolean }) => void {
  refuseUsedFolder(folder);
  const first = makeOwnFolders(folder);
  return ({ content }) => {
    for (const name of content ? readFolder(folder) : []) {
      if (!OF_HOSTS.has(name)) rmSync(path.join(folder, name), { recursive: true, force: true });
    }
    if (first !== null) removeEmptyFolders(folder, first);
  };
}

/** A new workspace goes into a folder that holds nothing but what hosts put there, or what a crash left of its making. */
export function refuseUsedFolder(folder: string): void {
  if (isHalfMade(folder)) return;
  if (hasVault(folder)) {
    throw new FalajError('ALREADY_EXISTS', `There is already a workspace in ${folder}.`, {
      hint: 'Unlock it, or name another folder.',
    });
  }
  const entries = readFolder(folder).filter((name) => !OF_HOSTS.has(name));
  if (entries.length > 0) {
    throw new FalajError('WORKSPACE_NOT_EMPTY', `The folder ${folder} is not empty.`, {
      hint: 'Name a new or empty folder: a workspace keeps its folder for itself.',
      details: { found: entries.slice(0, 5) },
    });
  }
}

/** The first of the folders that had to be made; null when all were there. */
function makeOwnFolders(folder: string): string | null {
  try {
    return makeFolders(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new FalajError(
      code === 'ENOSPC' || code === 'EDQUOT' ? 'DISK_FULL' : 'DISK_FAILED',
      `The folder ${folder} cannot be made (${code ?? 'unknown reason'}).`,
      { hint: 'Name a folder in a place where you may write.', cause },
    );
  }
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new FalajError('FILE_UNREADABLE', `The folder ${folder} cannot be read.`, {
      hint: 'Name a folder that is yours.',
      cause: error,
    });
  }
}

/** From the innermost up to `first`, as long as nothing is in them. */
function removeEmptyFolders(folder: string, first: string): void {
  try {
    for (let at = folder; at.length >= first.length; at = path.dirname(at)) rmdirSync(at);
  } catch {
    // Somebody put something there meanwhile: it stays.
  }
}
