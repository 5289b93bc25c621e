import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countRows, rowsOf, typesOf } from '../../../../test/fixtures/read-tables.ts';
import { DuckSession } from '../duckdb/session.ts';
import { sqlText } from '../duckdb/sql-text.ts';
import { readTableFile } from '../table-file.ts';
import { readFiles } from './read-files.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-times-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: string): string => {
  const target = path.join(folder, name);
  writeFileSync(target, content);
  return target;
};

describe('local times with the name of their zone', () => {
  const times = async (...texts: readonly string[]): Promise<unknown[]> =>
    rowsOf(
      await readTableFile(file('berlin.csv', `at,x\n${texts.map((text) => `${text},1\n`).join('')}`)),
    ).map(([at]) => at);

  it('are instants where the clocks show them once', async () => {
    expect(
      await times(
        '2026-03-29 01:59:59.999999 Europe/Berlin',
        '2026-03-29 03:00:00 Europe/Berlin',
        '2026-10-25 01:59:59 europe/berlin',
        '2026-10-25T03:00:00 CET',
        '2026-10-25 02:30:00 Asia/Dubai',
        '2026-10-25 02:30:00 UTC',
        '2026-10-25 02:30:00Z',
        '',
        '2026-10-25 02:30:00+02',
      ),
    ).toEqual([
      '2026-03-29T00:59:59.999999Z',
      '2026-03-29T01:00:00Z',
      '2026-10-24T23:59:59Z',
      '2026-10-25T02:00:00Z',
      '2026-10-24T22:30:00Z',
      '2026-10-25T02:30:00Z',
      '2026-10-25T02:30:00Z',
      null,
      '2026-10-25T00:30:00Z',
    ]);
  });

  it.each([
    ['2026-03-29 02:00:00 Europe/Berlin', 'skip'],
    ['2026-03-29 02:59:59.999999 Europe/Berlin', 'skip'],
    ['2026-10-25 02:00:00 Europe/Berlin', 'show twice'],
    ['2026-10-25 02:59:59.999999 CET', 'show twice'],
    ['2026-04-05 01:30:00 Australia/Lord_Howe', 'show twice'],
    ['2026-10-04 02:15:00 Australia/Lord_Howe', 'skip'],
    ['2011-12-30 12:00:00 Pacific/Apia', 'skip'],
  ])('are refused where the clocks skip or repeat them: %s', async (text, why) => {
    await expect(times('2026-01-01 00:00:00 Asia/Dubai', text)).rejects.toMatchObject({
      code: 'MALFORMED_FILE',
      message: `Row 2 of "berlin.csv" has the local time "${text}" in column "at", which the clocks there ${why}.`,
      hint: expect.stringContaining('offset'),
    });
  });

  it('are refused in the file and the row in which they are, far into it', async () => {
    const good = '2026-01-01 00:00:00 Europe/Berlin\n';
    const files = [
      file('one.csv', `at\n${good.repeat(1_000)}`),
      file('two.csv', `at\n${good.repeat(30_000)}2026-10-25 02:30:00 Europe/Berlin\n${good.repeat(1_000)}`),
    ];
    await expect(countRows(files)).rejects.toThrow('Row 30001 of "two.csv" has the local time');
  });

  it('are refused in wide tables too', async () => {
    const names = Array.from({ length: 2_000 }, (_, column) => `c${column}`).join(',');
    const wide = file('wide.csv', `at,${names}\n2026-10-25 02:30:00 Europe/Berlin,${names}\n`);
    await expect(countRows([wide])).rejects.toThrow('Row 1 of "wide.csv" has the local time');
  });

  it('are times for the expressions of derived columns', async () => {
    const files = [file('derived.csv', 'at\n2026-01-01 00:00:00 Asia/Dubai\n')];
    const derive = [{ name: 'hour', expression: `date_part('hour', "at")` }];
    const hours = await readFiles({ files, derive }, async ({ groups }) => {
      const values: number[] = [];
      for await (const { columns } of groups) values.push(...(columns[1]!.values as Float64Array));
      return values;
    });
    expect(hours).toEqual([20]);
  });

  it('stay text where the column is to be text, or holds something else too', async () => {
    const text = 'at\n2026-01-01 00:00:00 Asia/Dubai\n';
    const types = (files: string[], texts: string[]) =>
      readFiles({ files, texts }, async ({ schema }) => schema.map(({ type }) => type));
    expect(await types([file('kept.csv', text)], ['at'])).toEqual(['string']);
    expect(await types([file('mixed.csv', `${text}soon\n`)], [])).toEqual(['string']);
  });

  it('make a column of text where a later value is no time', async () => {
    const text = `at\n${'2026-01-01 00:00:00Z\n'.repeat(30_000)}never\n`;
    const table = await readTableFile(file('never.csv', text));
    expect(typesOf(table)).toEqual(['at:string']);
  });

  it('stay text in lines of JSON', async () => {
    const table = await readTableFile(file('rows.ndjson', '{"at":"2026-10-25 02:30:00 Europe/Berlin"}\n'));
    expect(typesOf(table)).toEqual(['at:string']);
  });
});

describe('times in nanoseconds', () => {
  const nanoseconds = async (...times: readonly string[]): Promise<string> => {
    const target = path.join(folder, 'nanoseconds.parquet');
    const session = await DuckSession.open({ memoryLimitBytes: 2 ** 28, threads: 1, allowedPaths: [target] });
    const rows = times.map((time) => `(TIMESTAMP_NS ${sqlText(time)})`).join(', ');
    await session.run(
      `COPY (SELECT * FROM (VALUES ${rows}) AS t("at")) TO ${sqlText(target)} (FORMAT parquet, USE_TMP_FILE false)`,
    );
    session.close();
    return target;
  };

  it('are cut to microseconds towards the past, also before 1970', async () => {
    const table = await readTableFile(
      await nanoseconds('1969-12-31 23:59:59.999999001', '2026-01-01 00:00:00.000000999'),
    );
    expect(rowsOf(table)).toEqual([['1969-12-31T23:59:59.999999Z'], ['2026-01-01T00:00:00Z']]);
  });

  it('are refused where they must be exact, and taken where nothing is lost', async () => {
    const exact = { exactTimes: ['at'] };
    const whole = await nanoseconds('2026-01-01 00:00:00.000001');
    expect(rowsOf(await readTableFile(whole, exact))).toEqual([['2026-01-01T00:00:00.000001Z']]);
    await expect(
      readTableFile(await nanoseconds('2026-01-01 00:00:00.000001001'), exact),
    ).rejects.toMatchObject({
      code: 'TYPE_MISMATCH',
      message: 'Column "at" of "nanoseconds.parquet" has times finer than a microsecond.',
    });
  });
});
