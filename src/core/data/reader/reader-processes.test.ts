import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Table } from '../../../shared/table/column.ts';
import { readTableFile, writeTableFile } from '../table-file.ts';
import { type ReaderChild, ReaderProcesses, type StartReader } from './reader-processes.ts';

const table: Table = {
  rows: 3,
  columns: [{ name: 'x', type: 'float64', validity: null, values: Float64Array.of(1, 2.5, -3) }],
};

/** Until a process that waits has been started, on a busy machine too. */
const READY_MS = 1_000;

let folder: string;
let readers: ReaderProcesses;
/** The process that each reading had. */
let used: ReaderChild[];
const start: StartReader = (options) => {
  const child = readers.start(options);
  used.push(child);
  return child;
};
const read = (file: string, signal?: AbortSignal): Promise<Table> =>
  readTableFile(path.join(folder, file), { start, signal });

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-readers-'));
  used = [];
  for (const format of ['parquet', 'csv'] as const)
    await writeTableFile(table, path.join(folder, `table.${format}`), format);
});
afterEach(async () => {
  await readers.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Processes younger than the one before them were started for their reading; the others waited for it. */
const startedFor = (child: ReaderChild, since: number): boolean => child.pid > since;

describe('processes that read files', () => {
  it('wait for the next file, read one each, and end when nothing comes', async () => {
    readers = new ReaderProcesses({ delayMs: 1, keepMs: 3 * READY_MS });
    expect(await read('table.parquet')).toEqual(table);
    await sleep(READY_MS);
    const later = readers.start({ memoryLimitBytes: 1e9, piped: true });
    const newest = later.pid;
    later.kill();
    await later.exited;
    expect(await read('table.parquet')).toEqual(table);
    expect(startedFor(used[1]!, newest)).toBe(false);
    expect(used[1]!.pid).not.toBe(used[0]!.pid);
    await sleep(4 * READY_MS);
    expect(await read('table.parquet')).toEqual(table);
    expect(startedFor(used[2]!, newest)).toBe(true);
  });

  it('end also when another reading came to its end while they waited', async () => {
    readers = new ReaderProcesses({ delayMs: 1, keepMs: 2 * READY_MS });
    await read('table.parquet');
    await sleep(READY_MS);
    await read('table.csv');
    await used[1]!.exited;
    await sleep(3 * READY_MS);
    const marker = readers.start({ memoryLimitBytes: 1e9, piped: true });
    marker.kill();
    await marker.exited;
    await read('table.parquet');
    expect(startedFor(used[2]!, marker.pid)).toBe(true);
  });

  it('that wait open no file through Node, so text has its own', async () => {
    readers = new ReaderProcesses({ delayMs: 1, keepMs: 10_000 });
    await read('table.parquet');
    await sleep(READY_MS);
    expect(await read('table.csv')).toEqual(table);
    const [first, text] = used;
    expect(text!.pid).not.toBe(first!.pid);
    expect(await read('table.parquet')).toEqual(table);
  });

  it('obey the reading that takes them when it is cancelled', async () => {
    readers = new ReaderProcesses({ delayMs: 1, keepMs: 10_000 });
    await read('table.parquet');
    await sleep(READY_MS);
    await expect(read('table.parquet', AbortSignal.abort())).rejects.toThrow();
    expect((await used[1]!.exited).killedFor).toBe('cancel');
    expect(await read('table.parquet')).toEqual(table);
  });

  it('that end in the moment they are taken cost no reading', async () => {
    readers = new ReaderProcesses({ delayMs: 1, keepMs: 10_000 });
    await read('table.parquet');
    await sleep(READY_MS);
    const startAndEnd: StartReader = (options) => {
      const child = start(options);
      process.kill(child.pid, 'SIGKILL');
      return child;
    };
    expect(await readTableFile(path.join(folder, 'table.parquet'), { start: startAndEnd })).toEqual(table);
    expect(used[1]!.hasWaited).toBe(true);
    expect(await used[1]!.exited).toMatchObject({ signal: 'SIGKILL', killedFor: null });
  });

  it('are gone once closed', async () => {
    readers = new ReaderProcesses({ delayMs: 1, keepMs: 10_000 });
    await read('table.parquet');
    await sleep(READY_MS);
    await readers.close();
    await read('table.parquet');
    await sleep(100);
    await readers.close();
    expect((await used[1]!.exited).killedFor).toBe('cancel');
  });

  it('that wait let their program end, once closed', () => {
    const program = `
      import { setTimeout as sleep } from 'node:timers/promises';
      import { readTableFile } from ${JSON.stringify(new URL('../table-file.ts', import.meta.url))};
      import { ReaderProcesses } from ${JSON.stringify(new URL('./reader-processes.ts', import.meta.url))};
      const readers = new ReaderProcesses({ delayMs: 1, keepMs: 10_000 });
      await readTableFile(${JSON.stringify(path.join(folder, 'table.parquet'))}, { start: readers.start });
      await sleep(300);
      await readers.close();`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    readers = new ReaderProcesses();
  });
});
