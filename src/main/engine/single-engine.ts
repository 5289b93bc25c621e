import { makeFolders } from '../../core/locations/index.ts';
import { takeWorkspaceLock, type WorkspaceLock } from '../../core/workspace/index.ts';
import { FalajError, isFalajError } from '../../shared/errors.ts';
import { runFolder } from '../connect/engine-file.ts';

/**
 * One engine process per workspace, from before it is unlocked: of two that start at once one wins, and the other's starter
 * attaches to it. Throws WORKSPACE_IN_USE. (The workspace's own lock is held only while it is open.)
 */
export function takeSingleEngine(workspace: string): WorkspaceLock {
  const folder = runFolder(workspace);
  try {
    makeFolders(folder);
    return takeWorkspaceLock(folder);
  } catch (error) {
    if (isFalajError(error)) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new FalajError(
      code === 'ENOSPC' ? 'DISK_FULL' : 'FORBIDDEN',
      `The workspace's folder ${workspace} cannot be written (${code}).`,
      {
        hint: 'Choose a folder of your own with --workspace, or free some space.',
        details: { workspace },
        cause: error,
      },
    );
  }
}
