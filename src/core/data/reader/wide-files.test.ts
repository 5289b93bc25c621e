import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readTableFile } from '../table-file.ts';

const COLUMNS = 10_000;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-wide-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('reads ten thousand columns of text files within the memory that a file may have', async () => {
  const file = path.join(folder, 'wide.csv');
  const line = (cell: (column: number) => string): string =>
    Array.from({ length: COLUMNS }, (_, column) => cell(column)).join();
  const rows = Array.from({ length: 60 }, (_, row) => line((column) => String((row + column) / 7)));
  writeFileSync(file, `${[line((column) => `c${column}`), ...rows].join('\n')}\n`);
  const table = await readTableFile(file);
  expect(table.columns).toHaveLength(COLUMNS);
  expect(table.columns[9_999]).toMatchObject({ name: 'c9999', type: 'float64' });
  expect(table.columns[9_999]!.values[59]).toBe((59 + 9_999) / 7);
}, 120_000);
