import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { addNote, notesOf, openSample } from './sample-workspace.ts';

const strace = spawnSync('strace', ['-V']).error === undefined;
if (!strace)
  process.stderr.write('\nSKIPPED: a disk that fails to sync was not tested (strace is not installed)\n\n');

describe.skipIf(!strace)('a disk that fails to sync', () => {
  it('fails the change, and every later one until the store is opened again', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-sync-'));
    const before = openSample(folder);
    addNote(before, 'before');
    before.close();
    const child = fileURLToPath(new URL('./failing-sync-child.ts', import.meta.url));
    const log = path.join(folder, 'store.db-wal');
    // Only the third sync of the log fails: what comes after it would succeed if it were tried.
    const run = spawnSync(
      'strace',
      [
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        '-P',
        log,
        '-e',
        'inject=fsync,fdatasync:error=EIO:when=3',
        process.execPath,
        child,
        folder,
      ],
      { encoding: 'utf8' },
    );
    const { outcomes, stillOpen } = JSON.parse(run.stdout) as { outcomes: string[]; stillOpen: string[] };
    const failedAt = outcomes.indexOf('DISK_FAILED');
    expect(failedAt, run.stderr).toBeGreaterThanOrEqual(1);
    expect(new Set(outcomes.slice(failedAt))).toEqual(new Set(['DISK_FAILED']));
    expect(stillOpen).toEqual([]);

    const after = openSample(folder);
    const reported = outcomes.slice(0, failedAt).map((_, index) => `note ${index}`);
    expect(notesOf(after).slice(0, 1 + reported.length)).toEqual(['before', ...reported]);
    expect(notesOf(after)).toHaveLength(after.audit.head().size);
    expect(after.audit.verify().intact).toBe(true);
    addNote(after, 'it works again');
    after.close();
    rmSync(folder, { recursive: true, force: true });
  });
});
