import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { xidMeaning } from './xid-errors.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const texts = JSON.parse(readFileSync(path.join(root, 'resources/i18n/en.json'), 'utf8')).devices.health
  .xids as Readonly<Record<string, string>>;

describe("the errors of NVIDIA's driver", () => {
  it('are called the same on the screens', () => {
    const other = xidMeaning(9_999).meaning;
    expect(texts['other']).toBe(other);
    for (let xid = 1; xid < 300; xid++)
      expect(texts[String(xid)] ?? other, String(xid)).toBe(xidMeaning(xid).meaning);
  });

  it.each([
    [79, 'failed', 'restartMachine'],
    [31, 'program', 'restartProgram'],
    [94, 'degraded', 'restartProgram'],
    [64, 'failed', 'replace'],
    [500, 'degraded', 'watch'],
  ])('%d is %s', (xid, severity, remedy) => expect(xidMeaning(xid)).toMatchObject({ severity, remedy }));
});
