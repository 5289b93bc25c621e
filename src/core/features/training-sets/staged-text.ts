import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { StagedFile } from '../../data/index.ts';
import { diskError } from '../../store/index.ts';

/** Writes a text beside its file. */
export async function stageText(file: string, text: string): Promise<StagedFile> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.part`;
  const discard = (): Promise<void> => rm(draft, { force: true });
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await discard();
    throw diskError(error, file);
  }
  return { commit: () => rename(draft, file), discard };
}
