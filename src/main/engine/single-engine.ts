import { mkdirSync } from 'node:fs';
import { takeWorkspaceLock, type WorkspaceLock } from '../../core/workspace/index.ts';
import { runFolder } from '../connect/engine-file.ts';

/**
 * One engine process per workspace, from before it is unlocked: of two that start at once one wins, and the other's starter
 * attaches to it. Throws WORKSPACE_IN_USE. (The workspace's own lock is held only while it is open.)
 */
export function takeSingleEngine(workspace: string): WorkspaceLock {
  const folder = runFolder(workspace);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return takeWorkspaceLock(folder);
}
