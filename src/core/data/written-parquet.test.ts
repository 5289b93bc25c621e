import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Column, type ColumnType, cellToJson, type Table } from '../../shared/table/column.ts';
import { presentColumn } from '../../shared/table/present-column.ts';
import { encodeChunk, encodeRows, ParquetWriter, writeParquet } from '../parquet/index.ts';
import { DuckSession } from './duckdb/session.ts';
import { sqlText } from './duckdb/sql-text.ts';
import { readTableFile } from './table-file.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-parquet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
async function written(table: Table, onProgress?: (rows: number) => void): Promise<string> {
  const file = path.join(folder, `${String(files++)}.parquet`);
  const handle = await open(file, 'w');
  await writeParquet(handle, table, { createdBy: 'a test', onProgress });
  await handle.close();
  return file;
}

const cells = (table: Table): unknown[][] =>
  table.columns.map((column) => Array.from({ length: table.rows }, (_, row) => cellToJson(column, row)));

type Cell = number | string | boolean | null;

function column(name: string, type: ColumnType, values: readonly Cell[]): Column {
  const validity = values.includes(null)
    ? Uint8Array.from(values, (value) => (value === null ? 0 : 1))
    : null;
  if (type === 'string') {
    const dictionary = [...new Set(values.filter((value) => value !== null).map(String))];
    const codes = Uint32Array.from(values, (value) =>
      value === null ? 0 : dictionary.indexOf(String(value)),
    );
    return { name, type, validity, values: codes, dictionary };
  }
  if (type === 'bool')
    return { name, type, validity, values: Uint8Array.from(values, (value) => (value === true ? 1 : 0)) };
  return { name, type, validity, values: Float64Array.from(values, Number) };
}

describe('a table written as Parquet', () => {
  it('is read back as it was, whatever its types, nulls and texts', async () => {
    const day = 86_400_000_000;
    const values: Readonly<Record<ColumnType, fc.Arbitrary<Cell>>> = {
      float64: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0),
      int64: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }).map((value) => value || 0),
      bool: fc.boolean(),
      string: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('DXB', 'AUH', 'مطار', '')),
      timestamp: fc.integer({ min: -(2 ** 50), max: 2 ** 50 }).map((value) => value || 0),
      date: fc.integer({ min: -30_000, max: 60_000 }).map((days) => days * day || 0),
    };
    const types = Object.keys(values) as ColumnType[];
    const check = fc.asyncProperty(
      fc
        .integer({ min: 1, max: 40 })
        .chain((rows) =>
          fc.tuple(
            ...types.map((type) =>
              fc.array(fc.option(values[type], { freq: 4 }), { minLength: rows, maxLength: rows }),
            ),
          ),
        ),
      async (rows) => {
        const table = {
          rows: rows[0]!.length,
          columns: types.map((type, at) => column(type, type, rows[at]!)),
        };
        const read = await readTableFile(await written(table));
        expect(read.columns.map(({ name }) => name)).toEqual(types);
        expect(cells({ ...read, columns: read.columns })).toEqual(cells(table));
      },
    );
    await fc.assert(check, { numRuns: 25 });
  }, 60_000);

  it('says that its times are instants, so that no reader takes them for local ones', async () => {
    const at = [Date.UTC(2025, 5, 1) * 1000 + 1, null];
    const file = await written({ rows: 2, columns: [column('moment', 'timestamp', at)] });
    const session = await DuckSession.open({ memoryLimitBytes: 2 ** 28, threads: 1, allowedPaths: [file] });
    expect(
      await session.texts(
        `SELECT typeof(moment), moment::VARCHAR FROM ${sqlText(file)} ORDER BY ALL NULLS LAST`,
      ),
    ).toEqual([
      ['TIMESTAMP WITH TIME ZONE', '2025-06-01 00:00:00.000001+00'],
      ['TIMESTAMP WITH TIME ZONE', null],
    ]);
    session.close();
  });

  it('keeps several row groups, with statistics by which readers skip them', async () => {
    const rows = 300_000;
    const index = Float64Array.from({ length: rows }, (_, row) => row);
    const codes = Uint32Array.from(index, (row) => row % 5000);
    const dictionary = Array.from({ length: 5000 }, (_, code) => `entity ${String(code)}`);
    const table: Table = {
      rows,
      columns: [
        { name: 'row', type: 'int64', validity: null, values: index },
        { name: 'half', type: 'float64', validity: Uint8Array.from(index, (row) => row % 2), values: index },
        { name: 'text', type: 'string', validity: null, values: codes, dictionary },
        {
          name: 'wide',
          type: 'int64',
          validity: null,
          values: BigInt64Array.from(index, (row) => BigInt(row) << 33n),
        },
      ],
    };
    const told: number[] = [];
    const file = await written(table, (done) => told.push(done));
    expect(told).toEqual([131_072, 262_144, 300_000]);
    const session = await DuckSession.open({ memoryLimitBytes: 2 ** 29, threads: 1, allowedPaths: [file] });
    const source = sqlText(file);
    expect(
      await session.texts(
        `SELECT count(*)::VARCHAR, sum(row)::VARCHAR, sum(half)::VARCHAR, count(half)::VARCHAR, count(DISTINCT text)::VARCHAR, max(wide)::VARCHAR FROM ${source}`,
      ),
    ).toEqual([['300000', '44999850000', '22500000000.0', '150000', '5000', String(299_999n << 33n)]]);
    expect(
      await session.texts(
        `SELECT row_group_id::VARCHAR, stats_min_value, stats_max_value, stats_null_count::VARCHAR FROM parquet_metadata(${source}) WHERE path_in_schema = 'half' ORDER BY ALL`,
      ),
    ).toEqual([
      ['0', '1.0', '131071.0', '65536'],
      ['1', '131073.0', '262143.0', '65536'],
      ['2', '262145.0', '299999.0', '18928'],
    ]);
    session.close();
  });

  it('is the same table when its columns are written one after the other', async () => {
    const rows = 700;
    const columns = ['first', 'second', 'third'].map((name, at) =>
      column(
        name,
        'float64',
        Array.from({ length: rows }, (_, row) => (row % (at + 2) === 0 ? null : 10 * row + at)),
      ),
    );
    const file = path.join(folder, 'by-column.parquet');
    const handle = await open(file, 'w');
    const writer = await ParquetWriter.open(handle);
    for (const index of [2, 0, 1])
      for (const from of [0, 300, 600]) {
        const part = presentColumn(columns[index]!, from, Math.min(rows, from + 300));
        await writer.add(index, await encodeChunk(encodeRows(part)));
      }
    await writer.finish(columns, 'a test');
    await handle.close();
    const read = await readTableFile(file);
    expect(read.columns.map(({ name }) => name)).toEqual(['first', 'second', 'third']);
    expect(cells(read)).toEqual(cells({ rows, columns }));
  });

  it('stops when it is told to', async () => {
    const handle = await open(path.join(folder, 'stopped.parquet'), 'w');
    const table: Table = {
      rows: 1,
      columns: [{ name: 'x', type: 'float64', validity: null, values: Float64Array.of(1) }],
    };
    await expect(
      writeParquet(handle, table, { createdBy: 'a test', signal: AbortSignal.abort() }),
    ).rejects.toThrow();
    await handle.close();
  });

  it('packs whole numbers of every width, over many blocks', async () => {
    const rows = 3000;
    const values = Array.from({ length: rows }, (_, row) => {
      const width = Math.floor(row / 60);
      return (row % 7 < 3 ? -1 : 1) * ((row * 2_654_435_761) % 2 ** width) || 0;
    });
    const day = 86_400_000_000;
    const table: Table = {
      rows,
      columns: [
        column('wide', 'int64', values),
        column(
          'steady',
          'int64',
          Array.from({ length: rows }, (_, row) => 5 * row),
        ),
        column(
          'day',
          'date',
          Array.from({ length: rows }, (_, row) => (row % 97) * day),
        ),
      ],
    };
    const read = await readTableFile(await written(table));
    expect(cells(read)).toEqual(cells(table));
  });
});
