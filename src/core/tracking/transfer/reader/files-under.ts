import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** Files under a folder by their path in it, with `/`; none when there is no such folder. Links are not followed. */
export async function filesUnder(folder: string, below = ''): Promise<string[]> {
  const entries = await readdir(path.join(folder, below), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  const found: string[] = [];
  for (const entry of entries) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesUnder(folder, name)));
    else if (entry.isFile()) found.push(name);
  }
  return found.sort();
}
