import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolders } from './make-folders.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'falaj-folders-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('making folders', () => {
  it('makes those above too, for this user alone, and tells the first', () => {
    expect(makeFolders(path.join(root, 'a', 'b', 'c'))).toBe(path.join(root, 'a'));
    expect(statSync(path.join(root, 'a', 'b')).isDirectory()).toBe(true);
    if (process.platform !== 'win32')
      expect(statSync(path.join(root, 'a', 'b', 'c')).mode & 0o777).toBe(0o700);
    expect(makeFolders(path.join(root, 'a', 'b', 'c'))).toBeNull();
  });

  it('says so where a file is in the way', () => {
    writeFileSync(path.join(root, 'file'), '');
    for (const below of ['file', 'file/x', 'file/x/y'])
      expect(() => makeFolders(path.join(root, below))).toThrowError(/EEXIST|ENOTDIR/);
  });

  it.runIf(existsSync('/proc/self'))('ends where none can be made', () => {
    expect(() => makeFolders('/proc/falaj/workspace')).toThrowError(/ENOENT|EACCES|EPERM/);
  });
});
