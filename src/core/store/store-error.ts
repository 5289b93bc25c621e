import Database from 'better-sqlite3';
import { FalajError } from '../../shared/errors.ts';

/** Turns a driver error into one a person understands. Constraint violations stay as they are: they are the caller's. */
export function storeError(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const { code } = error;
  const options = { details: { file, sqlite: code }, cause: error };
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_IOERR_CORRUPTFS') {
    return new FalajError('STORE_DAMAGED', `The store ${file} is damaged, or belongs to another key.`, {
      ...options,
      hint: 'Nothing of the damaged part was used. Restore the file from a backup.',
    });
  }
  if (code === 'SQLITE_FULL') {
    return new FalajError(
      'DISK_FULL',
      `The disk is full: ${file} could not grow. Nothing of this change was kept.`,
      {
        ...options,
        hint: 'Free some space on this disk and try again.',
      },
    );
  }
  if (code.startsWith('SQLITE_IOERR') || code === 'SQLITE_CANTOPEN') {
    return new FalajError('DISK_FAILED', `The disk failed while the store ${file} was used.`, {
      ...options,
      hint: 'Nothing of this change is taken as saved. Check the disk, then lock and unlock the workspace.',
    });
  }
  if (code.startsWith('SQLITE_READONLY')) {
    return new FalajError('DISK_FAILED', `The store ${file} cannot be written.`, {
      ...options,
      hint: 'Check that the file and its folder belong to you and are not read-only.',
    });
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new FalajError('WORKSPACE_IN_USE', `Another program is using the store ${file}.`, {
      ...options,
      hint: 'Close the other program and try again.',
    });
  }
  return error;
}

/**
 * True when a sync to disk failed. What the operating system kept is then unknown, so the connection may not go on as if
 * nothing had happened (a second fsync can report success for pages that were dropped).
 */
export const isFailedSync = (error: unknown): boolean =>
  error instanceof Database.SqliteError && /^SQLITE_IOERR_(FSYNC|DIR_FSYNC|WRITE|TRUNCATE)$/.test(error.code);
