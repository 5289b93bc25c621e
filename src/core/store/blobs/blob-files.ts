import { renameSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isTemporaryName, makeFolderDurably, syncFolder, temporaryName } from '../durable-file.ts';

/** The folder of blobs: `ab/cdef…` by address, and temporary files beside the two-digit folders while they are written. */
export class BlobFiles {
  readonly #folder: string;
  readonly #writing = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  path(id: string): string {
    return path.join(this.#folder, id.slice(0, 2), id.slice(2));
  }

  sizeBytes(id: string): number | null {
    return statSync(this.path(id), { throwIfNoEntry: false })?.size ?? null;
  }

  /** Runs `write` over a fresh file that is durable afterwards and gone when anything fails. Returns its path. */
  async writeTemporary(write: (handle: FileHandle) => Promise<void>): Promise<string> {
    await makeFolderDurably(this.#folder);
    const temporary = path.join(this.#folder, temporaryName('blob'));
    this.#writing.add(temporary);
    try {
      const handle = await open(temporary, 'wx', 0o600);
      try {
        await write(handle);
        await handle.sync();
      } finally {
        await handle.close();
      }
      return temporary;
    } catch (error) {
      this.dropTemporary(temporary);
      throw error;
    }
  }

  dropTemporary(temporary: string): void {
    rmSync(temporary, { force: true });
    this.#writing.delete(temporary);
  }

  /** The folder of a blob must exist before `publish`, which may not wait between its caller's check and the rename. */
  prepare(id: string): Promise<void> {
    return makeFolderDurably(path.dirname(this.path(id)));
  }

  publish(temporary: string, id: string): void {
    renameSync(temporary, this.path(id));
    this.#writing.delete(temporary);
  }

  settle(id: string): Promise<void> {
    return syncFolder(path.dirname(this.path(id)));
  }

  /** False when the file is held open (Windows); the next sweep then takes it. */
  remove(id: string): boolean {
    try {
      rmSync(this.path(id), { force: true });
      return true;
    } catch {
      return false;
    }
  }

  /** Removes what `isNeeded` does not claim, and temporary files that nobody writes. Returns the number of files removed. */
  async sweep(isNeeded: (id: string) => boolean): Promise<number> {
    let removed = 0;
    for (const name of await namesIn(this.#folder)) {
      const file = path.join(this.#folder, name);
      if (isTemporaryName(name) && !this.#writing.has(file)) {
        rmSync(file, { force: true });
        removed++;
      }
      if (!/^[0-9a-f]{2}$/.test(name)) continue;
      for (const rest of await namesIn(file)) {
        if (/^[0-9a-f]{62}$/.test(rest) && !isNeeded(name + rest)) {
          rmSync(path.join(file, rest), { force: true });
          removed++;
        }
      }
    }
    return removed;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
