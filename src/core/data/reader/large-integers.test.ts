import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DuckSession } from '../duckdb/session.ts';
import { sqlText } from '../duckdb/sql-text.ts';
import { readTableFile } from '../table-file.ts';
import { readFiles } from './read-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-large-integers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const withIds = async (largest: string): Promise<string> => {
  const target = path.join(folder, 'ids.parquet');
  const session = await DuckSession.open({ memoryLimitBytes: 2 ** 28, threads: 1, allowedPaths: [target] });
  await session.run(
    `COPY (SELECT CAST(1 AS UBIGINT) AS small, CAST(${largest} AS UBIGINT) AS id) TO ${sqlText(target)} (FORMAT parquet, USE_TMP_FILE false)`,
  );
  session.close();
  return target;
};

const refusal = (file: string) => ({
  code: 'TYPE_MISMATCH',
  message: `Column "id" of "${file}" holds whole numbers beyond the range of signed 64-bit integers.`,
  hint: expect.stringContaining('float64'),
});

describe('whole numbers of 64 bits without a sign', () => {
  it('are read up to the largest with a sign', async () => {
    const { columns } = await readTableFile(await withIds('9223372036854775807'));
    expect(columns.map(({ name, type }) => `${name}:${type}`)).toEqual(['small:int64', 'id:int64']);
    expect(columns[1]!.values[0]).toBe(9_223_372_036_854_775_807n);
  });

  it('are refused beyond it, by the name of their column', async () => {
    const large = await withIds('9223372036854775808');
    await expect(readTableFile(large)).rejects.toMatchObject(refusal('ids.parquet'));
    const lines = path.join(folder, 'ids.ndjson');
    writeFileSync(lines, '{"id":9223372036854775808}\n');
    await expect(readTableFile(lines)).rejects.toMatchObject(refusal('ids.ndjson'));
    const others = await readTableFile(large, { columns: ['small'] });
    expect(others.columns[0]!.values[0]).toBe(1);
  });

  it('are not laid to expressions over other columns', async () => {
    const files = [await withIds('9223372036854775808')];
    const derive = [{ name: 'twice', expression: 'small * 2' }];
    const reading = readFiles({ files, derive }, async ({ groups }) => {
      for await (const group of groups) expect(group.rows).toBe(0);
    });
    await expect(reading).rejects.toMatchObject(refusal('ids.parquet'));
  });
});
