import { lstatSync } from 'node:fs';

/** Whether a file or folder belongs to the user of this process, where the system tells; false for one that is not there. */
export function isOwn(file: string): boolean {
  const owner = lstatSync(file, { throwIfNoEntry: false })?.uid;
  return owner !== undefined && owner === (process.getuid?.() ?? owner);
}
