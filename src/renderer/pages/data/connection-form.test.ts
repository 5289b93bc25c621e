import { describe, expect, it } from 'vitest';
import { connectionTarget } from '../../../shared/contract/connections.ts';
import { choiceOptions, chooseConnection, isChosen, selectionOf, tableOnly } from './connection-choice.ts';
import { canAdd, connectionCommand, emptyConnectionForm, secretOf, targetOf } from './connection-form.ts';
import { canImport, emptyImportForm, importCommand, toConnectedImport } from './import-form.ts';

const shop = {
  ...emptyConnectionForm,
  name: 'shop',
  host: ' db.example ',
  database: 'shop',
  user: 'reader',
};

describe('a connection as typed', () => {
  it.each([
    shop,
    { ...emptyConnectionForm, name: 'book', kind: 'duckdb' as const, path: '/data/a.duckdb' },
    { ...emptyConnectionForm, name: 'app', kind: 'sqlite' as const, path: '/data/a.db' },
    {
      ...emptyConnectionForm,
      name: 'lake',
      kind: 's3' as const,
      endpoint: 'https://minio.example:9000',
      bucket: 'lake',
      certificates: '-----BEGIN',
    },
  ])('becomes a target that the engine takes: %#', (form) => {
    expect(canAdd(form)).toBe(true);
    expect(connectionTarget.parse(targetOf(form))).toMatchObject(targetOf(form));
  });

  it('cannot be added without what its kind needs', () => {
    expect(canAdd({ ...shop, host: ' ' })).toBe(false);
    expect(canAdd({ ...shop, name: 'my shop' })).toBe(false);
    expect(canAdd({ ...shop, kind: 'sqlite' })).toBe(false);
  });

  it('has its secret only in the fields that are sent', () => {
    const fields = new FormData();
    fields.set('password', 'open sesame');
    fields.set('accessKey', 'a');
    fields.set('secretKey', 'b');
    expect(secretOf('postgresql', fields)).toEqual({ password: 'open sesame' });
    expect(secretOf('s3', fields)).toEqual({ accessKey: 'a', secretKey: 'b' });
    expect(secretOf('sqlite', fields)).toBeUndefined();
    expect(secretOf('postgresql', new FormData())).toBeUndefined();
    expect(connectionCommand(shop)).toBe(
      'falaj connections add shop --kind postgresql --host db.example --database shop --user reader --password-env PASSWORD',
    );
  });
});

describe('what is read over a connection', () => {
  const form = { ...emptyImportForm, source: 'connection' as const, name: 'sales' };

  it('is a table or a query of a database', () => {
    const from = { ...chooseConnection({ name: 'shop', kind: 'postgresql' }), table: 'own.sales' };
    expect(canImport({ ...form, from })).toBe(true);
    expect(toConnectedImport({ ...form, from })).toMatchObject({ from: 'shop', table: 'own.sales' });
    expect(toConnectedImport({ ...form, from })).not.toHaveProperty('files');
    const query = { ...from, reading: 'query' as const, query: "SELECT 'a'" };
    expect(selectionOf(query)).toEqual({ from: 'shop', query: "SELECT 'a'" });
    expect(importCommand({ ...form, from: query, eventTime: 'at' })).toBe(
      "falaj data import --from shop --query 'SELECT '\\''a'\\''' --name sales --event-time at",
    );
    expect(tableOnly('own.sales')).toBe('sales');
  });

  it('is objects of a store', () => {
    const from = { ...chooseConnection({ name: 'lake', kind: 's3' }), table: 'left over' };
    expect(isChosen(from)).toBe(false);
    const chosen = { ...from, objects: ['2026/a.parquet', '2026/b c.parquet'] };
    expect(isChosen(chosen)).toBe(true);
    expect(choiceOptions(chosen).join(' ')).toBe(
      "--from lake --object 2026/a.parquet --object '2026/b c.parquet'",
    );
  });

  it('is nothing before a connection is chosen, whatever files were typed', () => {
    expect(canImport({ ...form, files: '/data/a.csv' })).toBe(false);
    expect(importCommand(form)).toBe('falaj data import --from CONNECTION --table TABLE --name sales');
  });
});
