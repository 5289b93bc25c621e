import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { addNote, NOTES, notesOf, openSample } from './sample-workspace.ts';

const LATER = {
  room: 'notes',
  steps: [
    ...NOTES.steps,
    "ALTER TABLE note ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody';",
    'CREATE TABLE author (name TEXT PRIMARY KEY) STRICT; INSERT INTO author SELECT DISTINCT author FROM note;',
    "UPDATE note SET author = 'somebody';",
  ],
};
const WRITES = 'pwrite64,write,fdatasync,fsync,ftruncate,rename,unlink';
const MOST_WRITES = 400;

const strace =
  spawnSync('strace', ['-f', '-e', 'inject=write:signal=KILL:when=1', 'true']).error === undefined;
if (!strace)
  process.stderr.write('\nSKIPPED: a killed migration was not tested (strace is not installed)\n\n');

describe.skipIf(!strace)('a migration that is killed', () => {
  it('leaves the old schema or the new one, whichever write it was', () => {
    const root = mkdtempSync(path.join(os.tmpdir(), 'falaj-kill-'));
    const pristine = path.join(root, 'pristine');
    mkdirSync(pristine);
    const before = openSample(pristine);
    for (const text of ['one', 'two']) addNote(before, text);
    before.close();
    const child = fileURLToPath(new URL('./migration-child.ts', import.meta.url));
    let kills = 0;
    let finished = false;
    for (let at = 1; !finished && at < MOST_WRITES; at++) {
      const folder = path.join(root, 'victim');
      rmSync(folder, { recursive: true, force: true });
      cpSync(pristine, folder, { recursive: true });
      const run = spawnSync(
        'strace',
        [
          '-f',
          '-qq',
          '-o',
          '/dev/null',
          '-P',
          path.join(folder, 'store.db'),
          '-P',
          path.join(folder, 'store.db-wal'),
          '-e',
          `inject=${WRITES}:signal=KILL:when=${at}`,
          process.execPath,
          child,
          folder,
          ...LATER.steps,
        ],
        { encoding: 'utf8' },
      );
      finished = run.status === 0;
      if (!finished) expect(run.signal ?? run.status, run.stderr).toBe('SIGKILL');
      const after = openSample(folder, LATER);
      expect(notesOf(after)).toEqual(['one', 'two']);
      expect(after.store.statement('SELECT DISTINCT author FROM note').all()).toEqual([
        { author: 'somebody' },
      ]);
      expect(after.store.statement('SELECT name FROM author').all()).toEqual([{ name: 'nobody' }]);
      expect(after.audit.verify()).toMatchObject({ intact: true, size: 2 });
      after.store.check();
      after.close();
      if (!finished) kills++;
    }
    rmSync(root, { recursive: true, force: true });
    expect(finished).toBe(true);
    expect(kills).toBeGreaterThan(3);
  });
});
