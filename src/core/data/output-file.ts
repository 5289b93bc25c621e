import { stat } from 'node:fs/promises';
import path from 'node:path';
import { FalajError } from '../../shared/errors.ts';

/** Before long work is done for it: throws when nothing can be written under this name. */
export async function assertOutputFile(file: string): Promise<void> {
  const target = path.resolve(file);
  const folder = path.dirname(target);
  const parent = await stat(folder).catch(() => null);
  if (parent?.isDirectory() !== true) {
    throw new FalajError('FILE_NOT_FOUND', `There is no folder ${folder} to write to.`, {
      hint: 'Make it first, or choose another.',
    });
  }
  const there = await stat(target).catch(() => null);
  if (there?.isDirectory() === true) {
    throw new FalajError('FILE_UNREADABLE', `${target} is a folder, not a file.`, {
      hint: 'Name a file in it.',
    });
  }
}
