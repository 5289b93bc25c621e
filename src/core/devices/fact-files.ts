import { readdir, readFile, readlink } from 'node:fs/promises';

/** sysfs and procfs answer with errors for many good reasons (no driver, no rights, device asleep): all mean "no value". */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}

export async function readTrimmed(path: string): Promise<string | null> {
  const text = (await readText(path))?.trim();
  return text ? text : null;
}

/** A file that holds one whole number, decimal or 0x…; anything else is no value. */
export async function readInteger(path: string): Promise<number | null> {
  const text = await readTrimmed(path);
  if (text === null || !/^-?(?:\d+|0x[0-9a-f]+)$/i.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Names in a folder in natural order (`card2` before `card10`); null when there is no such folder. */
export async function listNames(folder: string): Promise<readonly string[] | null> {
  try {
    const names = await readdir(folder);
    return names.sort((left, right) => left.localeCompare(right, 'en', { numeric: true }));
  } catch {
    return null;
  }
}

/** Last part of a symbolic link's target, as sysfs names drivers and parents. */
export async function linkName(path: string): Promise<string | null> {
  try {
    return (await readlink(path)).split('/').at(-1) ?? null;
  } catch {
    return null;
  }
}
