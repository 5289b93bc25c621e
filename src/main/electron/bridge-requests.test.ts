import { describe, expect, it } from 'vitest';
import { appearanceSchema, openFileRequestSchema, saveFileRequestSchema } from './bridge-requests.ts';

describe('what the page may ask of the shell', () => {
  it('accepts the requests that the bridge declares', () => {
    expect(openFileRequestSchema.safeParse({}).success).toBe(true);
    const filters = [{ name: 'Tables', extensions: ['parquet', 'csv', 'tar.gz'] }];
    expect(
      openFileRequestSchema.safeParse({ title: 'Import', filters, multiple: true, folder: false }).success,
    ).toBe(true);
    expect(saveFileRequestSchema.safeParse({ suggestedName: 'تقرير.html' }).success).toBe(true);
    expect(appearanceSchema.safeParse({ language: 'ar', theme: 'system' }).success).toBe(true);
  });

  it.each([
    { suggestedName: '../../.bashrc' },
    { suggestedName: '/etc/passwd' },
    { suggestedName: 'a\\b' },
    { suggestedName: '..' },
    { suggestedName: '' },
  ])('refuses %j as a file name', (request) => {
    expect(saveFileRequestSchema.safeParse(request).success).toBe(false);
  });

  it.each([
    { defaultPath: '/etc' },
    { title: 'x'.repeat(1_000) },
    { filters: [{ name: 'all', extensions: ['../x'] }] },
    JSON.parse('{"__proto__":{"folder":true},"x":1}'),
    'text',
    null,
    7,
  ])('refuses %j as a dialog', (request) => {
    expect(openFileRequestSchema.safeParse(request).success).toBe(false);
  });
});
