import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stdioOfDetachedChild } from './closed-descriptors.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'falaj-descriptors-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a child that outlives its host', () => {
  it.skipIf(process.platform !== 'linux')(
    'inherits none of the descriptors that the host left open to it',
    async () => {
      const log = openSync(path.join(folder, 'log'), 'a');
      const nullDevice = openSync(devNull, 'r+');
      // `exec 9<` in a shell leaves descriptor 9 open to what it starts, as Chromium does with its own.
      const script = `
      import { spawn } from 'node:child_process';
      import { stdioOfDetachedChild } from ${JSON.stringify(path.join(import.meta.dirname, 'closed-descriptors.ts'))};
      spawn('ls', ['-l', '/proc/self/fd'], { stdio: stdioOfDetachedChild(1, 0) });
    `;
      const command = 'exec 9< /etc/hostname; exec "$0" --input-type=module -e "$1"';
      const host = spawn('sh', ['-c', command, process.execPath, script], {
        stdio: [nullDevice, log, 'inherit'],
      });
      await new Promise((done) => host.on('exit', done));
      closeSync(log);
      closeSync(nullDevice);
      const listed = readFileSync(path.join(folder, 'log'), 'utf8');
      expect(listed).toContain('9 -> /dev/null');
      expect(listed).not.toContain('/etc/hostname');
    },
  );

  it.skipIf(process.platform !== 'linux')('covers what is opened between the list and the start', () => {
    const covered = stdioOfDetachedChild(1, 0).length;
    const later: number[] = [];
    try {
      for (let opened = 0; opened < 100; opened++) later.push(openSync(devNull, 'r'));
      expect(Math.max(...later)).toBeLessThan(covered);
    } finally {
      for (const descriptor of later) closeSync(descriptor);
    }
  });

  it.each(['darwin', 'win32'] as const)(
    'covers nothing on %s, where nothing unnamed is inherited',
    (platform) => {
      expect(stdioOfDetachedChild(5, 6, platform)).toEqual(['ignore', 5, 5]);
    },
  );
});
