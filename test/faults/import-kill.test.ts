import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataRoom, dataMigrations } from '../../src/core/data/index.ts';
import { openSample, type SampleWorkspace } from './sample-workspace.ts';

const ROWS = 400_000;
const CANARY = 'CANARY-4b1d77';

let folder: string;
let temporary: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-import-kill-'));
  temporary = path.join(folder, 'tmp');
  mkdirSync(temporary);
  file = path.join(folder, 'table.csv');
  const lines = ['at,value,note'];
  for (let row = 0; row < ROWS; row++)
    lines.push(
      `2026-01-01T00:00:${String(row % 60).padStart(2, '0')}Z,${(row * 7919) % 100_003},${CANARY}-${row % 977}`,
    );
  writeFileSync(file, `${lines.join('\n')}\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the import and kills it some time after it has said a line that starts so. Gives all that it said. */
function importAndKill(
  line: string,
  delayMs: number,
  mode: 'replace' | 'append' | 'upsert' = 'replace',
): Promise<string> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./import-child.ts', import.meta.url)), folder, file, mode],
    {
      env: { ...process.env, TMPDIR: temporary },
    },
  );
  return new Promise((resolve) => {
    let said = '';
    let killing = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (killing || !said.split('\n').some((one) => one.startsWith(line))) return;
      killing = true;
      setTimeout(() => child.kill('SIGKILL'), delayMs);
    });
    child.once('close', () => resolve(said));
  });
}

const filesUnder = (root: string): string[] =>
  (existsSync(root) ? readdirSync(root, { recursive: true, withFileTypes: true }) : [])
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

/** Processes that have the file named on their command line: our readers. */
const readers = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const line = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        return line.includes(file) && line.includes('child.ts');
      } catch (error) {
        if (error instanceof Error && 'code' in error) return false; // it has just ended
        throw error;
      }
    });

const roomOf = (sample: SampleWorkspace): DataRoom =>
  new DataRoom({ ...sample, notify: () => undefined, clock: () => 1_750_000_000_000 });

describe.skipIf(process.platform !== 'linux')('an import that is killed', () => {
  it.each([
    ['before the file is opened', 'start', 0],
    ['while the file is opened', 'start', 120],
    ['when rows arrive', 'read', 0],
    ['a little later', 'read', 60],
    ['near its end', `read ${ROWS}`, 0],
    ['while it is being kept', `read ${ROWS}`, 15],
  ])(
    '%s leaves a clean workspace',
    async (_when, line, delayMs) => {
      const said = await importAndKill(line, delayMs);
      const sample = openSample(folder, dataMigrations);
      await sample.blobs.sweep();
      const room = roomOf(sample);
      const kept = room.list();
      if (said.includes('kept')) expect(kept).toHaveLength(1);
      // A version that is there is whole; one that is not has left neither rows nor records nor files.
      if (kept.length === 1) expect((await room.load({ name: 'table' })).rows).toBe(ROWS);
      const records = sample.audit.list({ action: 'data.import' }).entries;
      expect(records).toHaveLength(kept.length);
      const blobs = filesUnder(path.join(folder, 'blobs'));
      expect(blobs).toHaveLength(kept.length);
      for (const one of [
        ...blobs,
        ...filesUnder(temporary),
        ...filesUnder(folder).filter((name) => name.includes('store.db')),
      ]) {
        expect(readFileSync(one).includes(CANARY), one).toBe(false);
      }
      expect(filesUnder(temporary)).toEqual([]);
      sample.close();
      // Its reader goes with it.
      for (let tries = 0; tries < 50 && readers().length > 0; tries++) await delay(100);
      expect(readers()).toEqual([]);
    },
    30_000,
  );
});

describe.skipIf(process.platform !== 'linux')('rows that are being added when it is killed', () => {
  it.each([
    ['append', 'when they arrive', 'read', 0],
    ['append', 'when they are counted and kept', `read ${ROWS}`, 40],
    ['upsert', 'near their end', `read ${ROWS}`, 0],
    ['upsert', 'while corrections are looked for', `read ${ROWS}`, 120],
  ] as const)(
    'by %s leave the dataset as it was or whole: %s',
    async (mode, _when, line, delayMs) => {
      const small = path.join(folder, 'small.csv');
      writeFileSync(
        small,
        `at,value,note\n2026-01-01T00:00:00Z,1,${CANARY}-0\n2026-01-01T00:00:00Z,2,${CANARY}-x\n`,
      );
      const before = openSample(folder, dataMigrations);
      const first = await roomOf(before).import(
        { signal: new AbortController().signal, progress: () => undefined, log: () => undefined },
        {
          name: 'table',
          files: [small],
          eventTime: 'at',
          keys: ['note'],
          labels: [],
          purposes: [],
          every: 1,
          derive: [],
        },
      );
      before.close();
      const said = await importAndKill(line, delayMs, mode);
      const sample = openSample(folder, dataMigrations);
      await sample.blobs.sweep();
      const room = roomOf(sample);
      const newest = room.get({ name: 'table' });
      if (said.includes('kept')) expect(newest.version).toBe(2);
      const { version: _version, ...asItWas } = room.get({ name: 'table', version: 1 });
      expect(first).toMatchObject(asItWas);
      expect((await room.load({ name: 'table', version: 1 })).rows).toBe(2);
      const { rows } = await room.load({ name: 'table' });
      if (newest.version === 1) expect(rows).toBe(2);
      else if (mode === 'append') expect(rows).toBe(ROWS + 2);
      else expect(rows).toBe(newest.rows);
      const masks = newest.parts.filter(({ supersededRows }) => supersededRows > 0).length;
      expect(filesUnder(path.join(folder, 'blobs'))).toHaveLength(newest.parts.length + masks);
      expect(sample.audit.list({ action: 'data.import' }).entries).toHaveLength(newest.version);
      for (const one of filesUnder(folder).filter((name) => !name.endsWith('.csv')))
        expect(readFileSync(one).includes(CANARY), one).toBe(false);
      sample.close();
    },
    60_000,
  );
});
