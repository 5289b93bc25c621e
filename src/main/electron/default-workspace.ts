import path from 'node:path';

export interface WorkspaceFacts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly workingFolder: string;
}

/**
 * The workspace that the window opens: `FALAJ_WORKSPACE`, else the default one. Must name the same folder as the command
 * line does, which asks the workspace room; the shell loads no room of the engine.
 */
export function chosenWorkspace(facts: WorkspaceFacts): string {
  const named = facts.environment['FALAJ_WORKSPACE'];
  if (named !== undefined && named !== '') return path.resolve(facts.workingFolder, named);
  return path.join(dataFolder(facts), 'workspace');
}

function dataFolder({ environment, platform, home, workingFolder }: WorkspaceFacts): string {
  const named = environment['FALAJ_DATA'];
  if (named !== undefined) return path.resolve(workingFolder, named);
  if (platform === 'win32')
    return path.join(environment['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'Falaj');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Falaj');
  return path.join(environment['XDG_DATA_HOME'] ?? path.join(home, '.local', 'share'), 'falaj');
}
