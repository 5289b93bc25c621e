import os from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where environments of Python are kept: beside what other programs of the person can make anew. */
export const environmentsFolder = (environment: Environment): string =>
  path.join(cacheFolder(environment), 'falaj', 'environments');

function cacheFolder(environment: Environment): string {
  if (environment['XDG_CACHE_HOME']) return environment['XDG_CACHE_HOME'];
  if (process.platform === 'win32') return environment['LOCALAPPDATA'] ?? os.tmpdir();
  return path.join(os.homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
}
