import { expect, it } from 'vitest';
import { databaseFailure } from './database-failure.ts';

it('tells what to do with a file of a newer DuckDB', () => {
  const error = new Error(
    'IO Error: Trying to read a database file with version number 999, but we can only read versions between 64 and 68.\nThe database file was created with an newer version of DuckDB.',
  );
  const request = { format: 'duckdb', files: ['/tmp/new.duckdb'], selection: { query: 'SELECT 1' } };
  expect(databaseFailure(error, request as unknown as Parameters<typeof databaseFailure>[1])).toMatchObject({
    code: 'UNSUPPORTED_FORMAT',
    message: '"new.duckdb" was made by a newer version of DuckDB than can be read here.',
    hint: expect.stringContaining('STORAGE_VERSION'),
  });
});
