import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { replaceFile, syncFolder } from '../store/index.ts';
import { VAULT_FILE } from '../vault/index.ts';
import { BLOBS_FOLDER, STORE_FILE } from './rooms.ts';

/** Lies in the folder from before the first file of a new workspace until the last one is durable. */
export const CREATION_MARK = 'falaj.creating';

/** Whether a crash cut the making of a workspace short: its recovery key was never shown, so nothing in it can matter. */
export const isHalfMade = (folder: string): boolean => existsSync(path.join(folder, CREATION_MARK));

export const beginCreation = (folder: string): Promise<void> =>
  replaceFile(path.join(folder, CREATION_MARK), async () => undefined);

/** Durably: a mark that came back after a power loss would have a whole workspace taken for a half-made one. */
export async function endCreation(folder: string): Promise<void> {
  rmSync(path.join(folder, CREATION_MARK), { force: true });
  await syncFolder(folder);
}

/** What is half made could neither be opened nor made again. The mark goes last. */
export async function removeHalfMade(folder: string): Promise<void> {
  for (const name of [VAULT_FILE, STORE_FILE, `${STORE_FILE}-wal`, `${STORE_FILE}-shm`, BLOBS_FOLDER])
    rmSync(path.join(folder, name), { recursive: true, force: true });
  await endCreation(folder);
}
