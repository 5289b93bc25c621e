import { existsSync } from 'node:fs';
import path from 'node:path';
import type { WorkspaceStatus } from '../../shared/contract/types.ts';
import { VERSION } from '../../shared/version.ts';
import { attachToRunning } from '../connect/connect.ts';
import type { CommandContext } from './command-context.ts';

/** Asks the running engine; without one, the folder tells enough, and no lock need be taken. */
export async function readStatus(context: CommandContext): Promise<WorkspaceStatus> {
  const running = await attachToRunning(context.workspace);
  if (running !== null) {
    try {
      return await running.client.workspace.status();
    } finally {
      await running.close();
    }
  }
  const exists = existsSync(path.join(context.workspace, 'vault.json'));
  return {
    workspace: context.workspace,
    state: exists ? 'locked' : 'missing',
    locked: true,
    name: null,
    engine: null,
    version: VERSION,
  };
}
