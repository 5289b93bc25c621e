import path from 'node:path';

export interface WorkspaceFacts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly workingFolder: string;
}

/** The workspace that the window opens: `FALAJ_WORKSPACE`, else the default one in the person's data folder. */
export function chosenWorkspace(facts: WorkspaceFacts): string {
  const named = facts.environment['FALAJ_WORKSPACE'];
  if (named !== undefined && named !== '') return path.resolve(facts.workingFolder, named);
  return path.join(dataFolder(facts), 'falaj', 'workspace');
}

function dataFolder({ environment, platform, home }: WorkspaceFacts): string {
  if (platform === 'win32') return environment['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support');
  const named = environment['XDG_DATA_HOME'];
  return named !== undefined && path.isAbsolute(named) ? named : path.join(home, '.local', 'share');
}
