import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MOUNT = 'mount -t tmpfs -o size=12m none /mnt';
const possible = spawnSync('unshare', ['-Urm', 'sh', '-c', MOUNT]).status === 0;
if (!possible)
  process.stderr.write('\nSKIPPED: a full disk was not tested (this account may not mount a small disk)\n\n');

describe.skipIf(!possible)('a full disk', () => {
  it('fails the action with its reason, keeps what was there, and goes on once there is space', () => {
    const child = fileURLToPath(new URL('./disk-full-child.ts', import.meta.url));
    const run = spawnSync(
      'unshare',
      ['-Urm', 'sh', '-c', `${MOUNT} && exec "$0" "$1" /mnt`, process.execPath, child],
      { encoding: 'utf8' },
    );
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual({
      blob: 'DISK_FULL',
      filesAfterBlob: [],
      row: 'DISK_FULL',
      notes: ['before'],
      entries: 1,
      small: 'done',
      intact: true,
      lock: 'DISK_FULL',
      locks: [],
      reopened: ['before', 'after'],
    });
  });
});
