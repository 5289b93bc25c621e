import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isOwn } from './is-own.ts';
import { isRunning } from './is-running.ts';

const PREFIX = 'falaj-child-';
const NAME = new RegExp(`^${PREFIX}(\\d+)-[A-Za-z0-9]{6}$`);

/**
 * An empty folder for a child to work in. A program that was killed could not remove the folders of its children: its number
 * in their names tells the next one to do so.
 */
export function makeWorkingFolder(): string {
  const above = os.tmpdir();
  for (const name of readdirSync(above)) {
    const maker = NAME.exec(name)?.[1];
    const folder = path.join(above, name);
    // What another user's program left behind is not ours to remove.
    if (maker !== undefined && !isRunning(Number(maker)) && isOwn(folder)) removeWorkingFolder(folder);
  }
  return mkdtempSync(path.join(above, `${PREFIX}${process.pid}-`));
}

export const removeWorkingFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });
