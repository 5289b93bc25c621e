import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { CLI } from './programs.ts';

const MOUNT = 'mount -t tmpfs -o size=40m none /mnt';

/** Whether this account may mount a small disk of its own. */
export const mayMountSmallDisk = (): boolean =>
  spawnSync('unshare', ['-Urm', 'sh', '-c', MOUNT]).status === 0;

/** What the commands below leave for the test to look at. */
export const LOOK_AROUND = `
falaj runs ls --json | out runs
falaj jobs ls --json | out jobs
falaj jobs logs "$("$NODE" -p 'JSON.parse(require("fs").readFileSync(process.argv[1]))[0].id' "$OUT/jobs")" | out logs
falaj audit verify | out audit`;

/** A disk of 40 MB for a workspace, and a folder outside of it. */
export class SmallDisk {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-full-'));

  /**
   * Runs commands over a workspace on a small disk, and gives what each wrote to a file outside of it. Each has a name of its own:
   * an engine's socket is named after its workspace's path, which is the same on every such disk.
   */
  run(name: string, script: string): Record<string, string> {
    const file = path.join(this.folder, 'script.sh');
    writeFileSync(
      file,
      `set -u\n${MOUNT}\ncd /mnt\nfalaj() { "$NODE" "$CLI" "$@"; }\nout() { cat > "$OUT/$1"; }\n${script}\n`,
    );
    const run = spawnSync('unshare', ['-Urm', 'bash', file], {
      encoding: 'utf8',
      env: {
        ...process.env,
        NODE: process.execPath,
        CLI,
        OUT: this.folder,
        FALAJ_WORKSPACE: `/mnt/${name}-${process.pid}`,
        FALAJ_PASSPHRASE: 'a passphrase of the tests',
        FALAJ_KEYRING: 'off',
      },
    });
    expect(run.stderr).toBe('');
    return Object.fromEntries(
      ['runs', 'jobs', 'logs', 'audit', 'said'].map((file) => [
        file,
        readFileSync(path.join(this.folder, file), 'utf8'),
      ]),
    );
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}
