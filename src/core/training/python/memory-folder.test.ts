import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MEMORY_FOLDER_VARIABLE, makeMemoryFolder, removeAbandoned } from './memory-folder.ts';

let above: string;
beforeEach(() => {
  above = mkdtempSync(path.join(os.tmpdir(), 'falaj-memory-'));
});
afterEach(() => rmSync(above, { recursive: true, force: true }));

describe('a folder in memory', () => {
  it('is of this user alone, and goes when it is done with', async () => {
    const folder = await makeMemoryFolder({ [MEMORY_FOLDER_VARIABLE]: above }, 1000);
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    await removeAbandoned(above);
    expect(existsSync(folder.path)).toBe(true);
    folder.remove();
    expect(readdirSync(above)).toEqual([]);
  });

  it('that an engine which died left is taken away, and others stay', async () => {
    const { path: own, remove } = await makeMemoryFolder({ [MEMORY_FOLDER_VARIABLE]: above }, 1000);
    const ended = spawnSync('true').pid;
    const left = path.join(above, path.basename(own).replace(`-${process.pid}-`, `-${ended}-`));
    const foreign = path.join(above, 'something-else');
    for (const folder of [left, foreign]) mkdirSync(folder);
    await removeAbandoned(above);
    expect([left, foreign, own].map(existsSync)).toEqual([false, true, true]);
    remove();
  });

  it.skipIf(process.getuid === undefined)('that another user of the machine left stays', async () => {
    const { path: own, remove } = await makeMemoryFolder({ [MEMORY_FOLDER_VARIABLE]: above }, 1000);
    const left = own.replace(`-${process.pid}-`, `-${spawnSync('true').pid}-`);
    mkdirSync(left);
    const user = vi.spyOn(process, 'getuid').mockReturnValue(statSync(left).uid + 1);
    await removeAbandoned(above);
    expect(existsSync(left)).toBe(true);
    user.mockRestore();
    await removeAbandoned(above);
    expect(existsSync(left)).toBe(false);
    remove();
  });

  it('is refused where there is none, or too little room', async () => {
    await expect(
      makeMemoryFolder({ [MEMORY_FOLDER_VARIABLE]: path.join(above, 'none') }, 1000),
    ).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
    await expect(makeMemoryFolder({ [MEMORY_FOLDER_VARIABLE]: above }, 2 ** 60)).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
    });
  });
});
