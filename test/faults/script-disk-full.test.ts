import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const MOUNT = 'mount -t tmpfs -o size=40m none /mnt';
const possible = spawnSync('unshare', ['-Urm', 'sh', '-c', MOUNT]).status === 0;
if (!possible)
  process.stderr.write(
    '\nSKIPPED: a script that fills the disk was not tested (this account may not mount a small disk)\n\n',
  );

const CLI = fileURLToPath(new URL('../../src/main/cli/main.ts', import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-full-'));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * Runs commands over a workspace on a small disk, and gives what each wrote to a file outside of it. Each has a name of its own:
 * an engine's socket is named after its workspace's path, which is the same on every such disk.
 */
function onSmallDisk(name: string, script: string): Record<string, string> {
  const file = path.join(folder, 'script.sh');
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
      OUT: folder,
      FALAJ_WORKSPACE: `/mnt/${name}-${process.pid}`,
      FALAJ_PASSPHRASE: 'a passphrase of the tests',
      FALAJ_KEYRING: 'off',
    },
  });
  expect(run.stderr).toBe('');
  return Object.fromEntries(
    ['runs', 'jobs', 'logs', 'audit', 'said'].map((file) => [
      file,
      readFileSync(path.join(folder, file), 'utf8'),
    ]),
  );
}

const after = `
falaj runs ls --json | out runs
falaj jobs ls --json | out jobs
falaj jobs logs "$("$NODE" -p 'JSON.parse(require("fs").readFileSync(process.argv[1]))[0].id' "$OUT/jobs")" | out logs
falaj audit verify | out audit`;
const lines = Array.from({ length: 50 }, (_, index) => `line ${index + 1}`);

describe.skipIf(!possible)('a script that fills the disk of its workspace', () => {
  it('loses nothing of what it said, and neither does the workspace', () => {
    const seen = onSmallDisk(
      'cleared',
      `
falaj init "$FALAJ_WORKSPACE" --name full --quiet > "$OUT/said" 2>&1
falaj run -- sh -c 'dd if=/dev/zero of=/mnt/fill bs=64k 2> /dev/null; seq -f "line %g" 1 50; sleep 1; rm /mnt/fill; exit 7' > "$OUT/said" 2>&1
${after}`,
    );
    expect(JSON.parse(seen['runs']!)).toMatchObject([{ status: 'failed' }]);
    expect(JSON.parse(seen['jobs']!)).toMatchObject([
      { state: 'failed', error: { code: 'CHILD_FAILED', details: { exitCode: 7 } } },
    ]);
    for (const line of lines) expect(seen['logs']).toContain(line);
    expect(seen['audit']).toContain('Intact');
  }, 120_000);

  it('ends once there is room again', () => {
    const seen = onSmallDisk(
      'full',
      `
falaj init "$FALAJ_WORKSPACE" --name full --quiet > "$OUT/said" 2>&1
(while ! [ -e "$OUT/ended" ]; do sleep 0.2; done; sleep 4; rm /mnt/fill) &
falaj run -- sh -c 'dd if=/dev/zero of=/mnt/fill bs=64k 2> /dev/null; seq -f "line %g" 1 50; touch "$0"' "$OUT/ended" > "$OUT/said" 2>&1
${after}`,
    );
    const [job] = JSON.parse(seen['jobs']!) as { state: string }[];
    const [run] = JSON.parse(seen['runs']!) as { status: string }[];
    // Whether the run's own last facts found room is a matter of moments; that it ended is not.
    expect([job!.state, run!.status]).not.toContain('running');
    for (const line of lines) expect(seen['logs']).toContain(line);
    expect(seen['audit']).toContain('Intact');
  }, 120_000);
});
