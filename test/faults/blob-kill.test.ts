import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openSample } from './sample-workspace.ts';

const ROUNDS = 6;

/** Runs the writer until it has kept some blobs, then kills it wherever it is. Returns what it reported. */
function writeAndKill(folder: string, afterBlobs: number, delayMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [
    fileURLToPath(new URL('./blob-writer-child.ts', import.meta.url)),
    folder,
  ]);
  return new Promise((resolve) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.split('\n').length > afterBlobs) setTimeout(() => child.kill('SIGKILL'), delayMs);
    });
    child.once('close', () => resolve(text.split('\n').slice(0, -1)));
  });
}

describe('a writer of blobs that is killed', () => {
  it('has kept everything that it reported, and leaves nothing else after the sweep', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-blob-kill-'));
    const reported: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      reported.push(...(await writeAndKill(folder, 2 + round, round * 3)));
      const sample = openSample(folder);
      await sample.blobs.sweep();
      const rows = sample.store
        .statement<{ id: string }>('SELECT id FROM blob')
        .all()
        .map((row) => row.id);
      const files = readdirSync(path.join(folder, 'blobs'), { recursive: true, withFileTypes: true }).filter(
        (entry) => entry.isFile(),
      );
      expect(files.map((entry) => path.basename(entry.parentPath) + entry.name).sort()).toEqual(rows.sort());
      for (const line of reported) {
        const [id, sha256] = line.split(' ');
        expect(
          createHash('sha256')
            .update(await sample.blobs.readAll(id!))
            .digest('hex'),
        ).toBe(sha256);
      }
      sample.close();
    }
    rmSync(folder, { recursive: true, force: true });
    expect(reported.length).toBeGreaterThan(ROUNDS);
  });
});
