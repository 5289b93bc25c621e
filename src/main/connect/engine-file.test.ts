import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type EngineFile,
  engineFilePath,
  readEngineFile,
  runFolder,
  writeEngineFile,
} from './engine-file.ts';

let folder: string;
let file: EngineFile;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'fe-'));
  const socketPath = path.join(folder, 'sockets', 'engine.sock');
  mkdirSync(path.dirname(socketPath), { mode: 0o700 });
  file = { socketPath, token: 'token', pid: 4242, port: null, version: '1', startedAt: '' };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the announcement of an engine', () => {
  it('is read as it was written, by this user alone', () => {
    writeEngineFile(folder, file);
    expect(readEngineFile(folder)).toMatchObject(file);
    expect(statSync(engineFilePath(folder)).mode & 0o777).toBe(0o600);
  });

  it.skipIf(process.platform === 'win32')(
    'replaces what somebody laid in its way, and writes through nothing',
    () => {
      const bait = path.join(folder, 'bait');
      writeFileSync(bait, 'untouched', { mode: 0o644 });
      mkdirSync(runFolder(folder));
      symlinkSync(bait, `${engineFilePath(folder)}.${process.pid}`);
      writeEngineFile(folder, file);
      expect(statSync(bait).size).toBe('untouched'.length);
      expect(statSync(engineFilePath(folder)).mode & 0o777).toBe(0o600);
    },
  );

  it.skipIf(process.platform === 'win32')('is not believed when others could put the socket there', () => {
    writeEngineFile(folder, file);
    chmodSync(path.dirname(file.socketPath), 0o777);
    expect(readEngineFile(folder)).toBeNull();
    rmSync(path.dirname(file.socketPath), { recursive: true });
    expect(readEngineFile(folder)).toBeNull();
  });

  it.runIf(process.getuid?.() === 0)(
    'is not believed when another user wrote it or owns the socket’s folder',
    () => {
      writeEngineFile(folder, file);
      chownSync(path.dirname(file.socketPath), 65_534, 65_534);
      expect(readEngineFile(folder)).toBeNull();
      chownSync(path.dirname(file.socketPath), 0, 0);
      expect(readEngineFile(folder)).not.toBeNull();
      chownSync(engineFilePath(folder), 65_534, 65_534);
      expect(readEngineFile(folder)).toBeNull();
    },
  );
});
