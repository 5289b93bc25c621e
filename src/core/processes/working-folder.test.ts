import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorkingFolder, removeWorkingFolder } from './working-folder.ts';

describe('the working folder of a child', () => {
  it('is empty, and gone when it is removed', () => {
    const folder = makeWorkingFolder();
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(path.join(folder, 'left.txt'), 'left');
    removeWorkingFolder(folder);
    expect(existsSync(folder)).toBe(false);
  });

  it('of a program that was killed goes when the next is made, and that of a running one stays', () => {
    const { pid } = spawnSync(process.execPath, ['--eval', '']);
    const left = path.join(os.tmpdir(), `falaj-child-${pid}-aBc123`);
    mkdirSync(left);
    const first = makeWorkingFolder();
    const second = makeWorkingFolder();
    expect([left, first, second].map((folder) => existsSync(folder))).toEqual([false, true, true]);
    for (const folder of [first, second]) removeWorkingFolder(folder);
  });
});
