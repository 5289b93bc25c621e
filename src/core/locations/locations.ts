import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where this user's workspaces lie unless said: the platform's folder for application data. */
export function dataFolder(environment: Environment, platform: NodeJS.Platform = process.platform): string {
  if (environment['FALAJ_DATA'] !== undefined) return path.resolve(environment['FALAJ_DATA']);
  const home = os.homedir();
  if (platform === 'win32')
    return path.join(environment['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'Falaj');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Falaj');
  return path.join(environment['XDG_DATA_HOME'] ?? path.join(home, '.local', 'share'), 'falaj');
}

export const defaultWorkspaceFolder = (environment: Environment): string =>
  path.join(dataFolder(environment), 'workspace');

export const isWorkspace = (folder: string): boolean => existsSync(path.join(folder, 'vault.json'));

/**
 * Which workspace a command means: the one asked for, else `FALAJ_WORKSPACE`, else the nearest folder upwards that is
 * one, else the default.
 */
export function resolveWorkspace(options: {
  readonly asked: string | undefined;
  readonly environment: Environment;
  readonly workingDirectory: string;
}): string {
  const named = options.asked ?? options.environment['FALAJ_WORKSPACE'];
  if (named !== undefined && named !== '') return path.resolve(options.workingDirectory, named);
  for (let folder = options.workingDirectory; ; folder = path.dirname(folder)) {
    if (isWorkspace(folder) || existsSync(path.join(folder, 'falaj.lock'))) return folder;
    if (path.dirname(folder) === folder) return defaultWorkspaceFolder(options.environment);
  }
}
