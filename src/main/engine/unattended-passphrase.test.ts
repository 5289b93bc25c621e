import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeUnattendedPassphrase } from './unattended-passphrase.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'fu-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the passphrase of the surroundings', () => {
  it('is taken out of them, so that no child inherits it', () => {
    const environment: Record<string, string | undefined> = {
      FALAJ_PASSPHRASE: 'open sesame',
      FALAJ_PASSPHRASE_FILE: '/f',
      PATH: '/bin',
    };
    expect(takeUnattendedPassphrase(environment)).toBe('open sesame');
    expect(environment).toEqual({ PATH: '/bin' });
    expect(takeUnattendedPassphrase(environment)).toBeUndefined();
  });

  it('is the first line of a file, spaces kept', () => {
    const file = path.join(folder, 'secret');
    writeFileSync(file, ' كلمة سر طويلة \r\nsecond line\n');
    expect(takeUnattendedPassphrase({ FALAJ_PASSPHRASE_FILE: file })).toBe(' كلمة سر طويلة ');
    expect(takeUnattendedPassphrase({ FALAJ_NEW_PASSPHRASE_FILE: file }, 'FALAJ_NEW_PASSPHRASE')).toBe(
      ' كلمة سر طويلة ',
    );
  });

  it('says which file cannot be read or is empty', () => {
    writeFileSync(path.join(folder, 'empty'), '\n');
    expect(() => takeUnattendedPassphrase({ FALAJ_PASSPHRASE_FILE: path.join(folder, 'none') })).toThrow(
      expect.objectContaining({ code: 'FILE_NOT_FOUND' }),
    );
    expect(() => takeUnattendedPassphrase({ FALAJ_PASSPHRASE_FILE: path.join(folder, 'empty') })).toThrow(
      expect.objectContaining({ code: 'FILE_UNREADABLE' }),
    );
  });
});
