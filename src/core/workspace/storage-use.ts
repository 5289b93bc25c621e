import { statfs } from 'node:fs/promises';

/** Bytes that a write in this folder may still use, or null where the platform does not tell. */
export async function diskFreeBytes(folder: string): Promise<number | null> {
  try {
    const stats = await statfs(folder);
    return stats.bavail * stats.bsize;
  } catch {
    // A folder that does not exist yet, or a file system that does not answer: unknown, never 0.
    return null;
  }
}
