import { describe, expect, it } from 'vitest';
import { NAME_PATTERN } from '../../../shared/names.ts';
import {
  canImport,
  emptyImportForm,
  importCommand,
  pathsOf,
  suggestName,
  toImportInput,
} from './import-form.ts';

describe('the import dialog', () => {
  it('takes one path a line, with or without quotes', () => {
    expect(pathsOf('"/data/a b.csv"\n\n  /data/c.parquet \n')).toEqual(['/data/a b.csv', '/data/c.parquet']);
  });

  it.each([
    ['/data/Flights 2001.parquet', 'Flights-2001'],
    ['C:\\data\\رحلات flights.csv', 'flights'],
    ['_private.csv', 'private'],
  ])('suggests an allowed name for %s', (path, name) => {
    expect(suggestName(path)).toBe(name);
    expect(suggestName(path)).toMatch(NAME_PATTERN);
  });

  it('suggests nothing rather than a name that is not allowed', () => {
    expect(suggestName('/data/رحلات.csv')).toBe('');
  });

  it('leaves out what was not said', () => {
    const form = { ...emptyImportForm, files: '/data/a.csv', name: 'a' };
    expect(canImport(form)).toBe(true);
    expect(toImportInput(form)).not.toHaveProperty('eventTime');
  });

  it('names keys for an upsert alone', () => {
    const form = { ...emptyImportForm, files: '/data/a.csv', name: 'a', keys: ['stop', 'line'] };
    expect(toImportInput(form)).toMatchObject({ mode: 'replace', keys: [] });
    expect(toImportInput({ ...form, mode: 'upsert' })).toMatchObject({
      mode: 'upsert',
      keys: ['stop', 'line'],
    });
    expect(importCommand({ ...form, mode: 'upsert' })).toBe(
      'falaj data import /data/a.csv --name a --mode upsert --keys stop,line',
    );
    expect(importCommand({ ...form, mode: 'append' })).toBe(
      'falaj data import /data/a.csv --name a --mode append',
    );
  });

  it('shows a command line that a shell reads back as typed', () => {
    const form = {
      ...emptyImportForm,
      files: "/data/it's.csv",
      name: 'a',
      eventTime: 'date',
      labels: ['internal use'],
    };
    expect(importCommand(form)).toBe(
      "falaj data import '/data/it'\\''s.csv' --name a --event-time date --label 'internal use'",
    );
  });
});
