import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWorkspaceFolder } from './workspace-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the folder of a new workspace', () => {
  it('goes again with all that was made in it when no workspace came of it', () => {
    const target = path.join(folder, 'a b', 'مساحة');
    const undo = makeWorkspaceFolder(target);
    writeFileSync(path.join(target, 'vault.json'), '{}');
    mkdirSync(path.join(target, 'blobs'));
    undo({ content: false });
    expect(readdirSync(target)).toHaveLength(2);
    undo({ content: true });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stays when it was there before, with what hosts keep in it', () => {
    mkdirSync(path.join(folder, 'run'));
    const undo = makeWorkspaceFolder(folder);
    writeFileSync(path.join(folder, 'vault.json'), '{}');
    undo({ content: true });
    expect(readdirSync(folder)).toEqual(['run']);
  });

  it('is refused where something else is, or nothing can be made', () => {
    writeFileSync(path.join(folder, 'thesis.txt'), 'mine');
    expect(() => makeWorkspaceFolder(folder)).toThrow(
      expect.objectContaining({ code: 'WORKSPACE_NOT_EMPTY' }),
    );
    expect(() => makeWorkspaceFolder(path.join(folder, 'thesis.txt', 'in'))).toThrow(
      expect.objectContaining({ code: 'FILE_UNREADABLE', hint: expect.stringMatching(/./) }),
    );
    expect(existsSync(path.join(folder, 'thesis.txt'))).toBe(true);
  });
});
