import { describe, expect, it } from 'vitest';
import { createPreferences, parsePreferences } from './preferences.ts';

describe('preferences', () => {
  it('start in the system language', () => {
    expect(parsePreferences(null, ['ar-AE', 'en']).language).toBe('ar');
    expect(parsePreferences(null, ['fr']).language).toBe('en');
  });

  it('survive damaged storage, field by field', () => {
    expect(parsePreferences('{not json', ['en']).theme).toBe('system');
    expect(parsePreferences('{"theme":"dark","density":7}', ['en'])).toMatchObject({
      theme: 'dark',
      density: 'dense',
    });
  });

  it('keep lists of keys, and only keys', () => {
    expect(parsePreferences('{"runColumns":["metric.auc",7]}', ['en'])).toMatchObject({
      runColumns: ['metric.auc'],
      compareHidden: [],
    });
    expect(parsePreferences('{"runColumns":"auc"}', ['en']).runColumns).toBeNull();
  });

  it('are kept when they change', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    createPreferences(storage, ['en']).setState({ language: 'ar' });
    expect(createPreferences(storage, ['en']).getState().language).toBe('ar');
  });
});
