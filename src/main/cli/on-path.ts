import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The program that a shell would run by this name, or null. */
export function onPath(name: string, environment: Record<string, string | undefined>): string | null {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of (environment['PATH'] ?? environment['Path'] ?? '').split(path.delimiter)) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not in this folder
      }
    }
  }
  return null;
}
