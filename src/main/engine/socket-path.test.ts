import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensurePrivateFolder, type SocketSurroundings, socketPathOf } from './socket-path.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'fs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const around = (changes: Partial<SocketSurroundings> = {}): SocketSurroundings => ({
  platform: 'linux',
  environment: {},
  userId: 1000,
  temporaryFolder: '/tmp',
  ...changes,
});

describe('where an engine listens', () => {
  it('is one short name per workspace, however the workspace is written', () => {
    const workspace = path.join(folder, 'workspace');
    mkdirSync(workspace);
    symlinkSync(workspace, path.join(folder, 'link'));
    const direct = socketPathOf(workspace, around());
    expect(direct).toMatch(/^\/tmp\/falaj-1000\/[0-9a-f]{16}\.sock$/);
    expect(socketPathOf(path.join(folder, 'link'), around())).toBe(direct);
    expect(socketPathOf(`${workspace}/../workspace`, around())).toBe(direct);
    expect(socketPathOf(path.join(folder, 'other'), around())).not.toBe(direct);
  });

  it('is in the runtime folder of the session where there is one', () => {
    expect(socketPathOf(folder, around({ environment: { XDG_RUNTIME_DIR: '/run/user/1000' } }))).toMatch(
      /^\/run\/user\/1000\/falaj\//,
    );
  });

  it('never has a longer path than a socket can have', () => {
    const deep = `/${'x'.repeat(120)}`;
    const found = socketPathOf(
      folder,
      around({ environment: { XDG_RUNTIME_DIR: deep }, temporaryFolder: deep }),
    );
    expect(found).toMatch(/^\/tmp\/falaj-1000\//);
  });

  it('is a named pipe on Windows', () => {
    expect(socketPathOf(folder, around({ platform: 'win32', environment: { USERNAME: 'mariam' } }))).toMatch(
      /^\\\\\.\\pipe\\falaj-mariam-[0-9a-f]{16}$/,
    );
  });
});

describe('the folder of sockets', () => {
  const own = process.getuid?.() ?? 0;

  it('is made for this user alone', () => {
    const sockets = path.join(folder, 'falaj');
    ensurePrivateFolder(sockets, own);
    expect(statSync(sockets).mode & 0o777).toBe(0o700);
  });

  it('is refused when others can open it, own it, or have put a link there', () => {
    const open = path.join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    expect(() => ensurePrivateFolder(open, own)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    chmodSync(open, 0o700);
    expect(() => ensurePrivateFolder(open, own + 1)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    symlinkSync(open, path.join(folder, 'link'));
    expect(() => ensurePrivateFolder(path.join(folder, 'link'), own)).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN' }),
    );
  });
});
