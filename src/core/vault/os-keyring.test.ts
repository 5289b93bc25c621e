import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createVault,
  enrolKeychain,
  FLOOR_COST,
  forgetKeychain,
  OsKeyring,
  unlockWithKeychain,
} from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-keyring-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A module in the shape of @napi-rs/keyring that keeps its entries in files. */
function keyringOf(body: { set?: string; get?: string }): OsKeyring {
  const modulePath = path.join(folder, 'keyring.cjs');
  writeFileSync(
    modulePath,
    `const fs = require('node:fs');
     exports.Entry = class {
       constructor(service, name) { this.file = ${JSON.stringify(folder)} + '/' + service + '.' + name + '.entry'; }
       setSecret(secret) { ${body.set ?? 'fs.writeFileSync(this.file, secret)'} }
       getSecret() { ${body.get ?? 'return fs.existsSync(this.file) ? [...fs.readFileSync(this.file)] : null'} }
       deleteCredential() { if (!fs.existsSync(this.file)) return false; fs.rmSync(this.file); return true; }
     };`,
  );
  return new OsKeyring({ environment: {}, modulePath, timeLimitMs: 2000 });
}
const entries = () => readdirSync(folder).filter((name) => name.endsWith('.entry'));

describe('the keyring of the operating system', () => {
  it('counts as available only after a round trip, of which nothing stays', async () => {
    expect(await keyringOf({}).unavailableBecause()).toBeNull();
    expect(entries()).toEqual([]);
  });

  it.each([
    ['throws', { set: "throw new Error('Cannot autolaunch D-Bus without X11')" }, /autolaunch/],
    ['forgets', { get: 'return null' }, /did not give back/],
    ['gives something else', { get: 'return [1, 2, 3]' }, /did not give back/],
    ['dies', { set: 'process.abort()' }, /without an answer/],
    ['hangs', { set: 'for (;;) {}' }, /did not answer within 2 s/],
  ])('is refused with the reason when it %s', async (_name, body, reason) => {
    expect(await keyringOf(body).unavailableBecause()).toMatch(reason);
  });

  it('is never asked when it is switched off', async () => {
    const keyring = new OsKeyring({ environment: { FALAJ_KEYRING: 'off' }, modulePath: '/nowhere' });
    expect(await keyring.unavailableBecause()).toContain('FALAJ_KEYRING=off');
    await expect(keyring.get('x')).rejects.toMatchObject({ code: 'KEYCHAIN_UNAVAILABLE' });
  });

  it('answers with the real module, whatever this computer has', async () => {
    const answer = await new OsKeyring({ environment: {} }).unavailableBecause();
    expect(answer === null || answer.length > 0).toBe(true);
    expect(answer ?? '').not.toContain('Cannot find module');
  });
});

describe('a workspace in the keychain', () => {
  it('opens without the passphrase until it is taken out', async () => {
    const workspace = path.join(folder, 'workspace');
    const { vault } = await createVault({
      folder: workspace,
      name: 'W',
      passphrase: 'a long passphrase',
      jurisdiction: [],
      cipher: 'sqlcipher',
      cost: FLOOR_COST,
    });
    const keyring = keyringOf({});
    expect(await unlockWithKeychain({ folder: workspace }, keyring)).toBeNull();
    await enrolKeychain(vault, keyring);
    await enrolKeychain(vault, keyring);
    expect(vault.slots.filter((slot) => slot.kind === 'keychain')).toHaveLength(1);
    expect(entries()).toHaveLength(1);
    const again = await unlockWithKeychain({ folder: workspace }, keyring);
    expect(again?.deriveKey('x').equals(vault.deriveKey('x'))).toBe(true);
    await forgetKeychain(vault, keyring);
    expect(entries()).toEqual([]);
    expect(await unlockWithKeychain({ folder: workspace }, keyring)).toBeNull();
  });

  it('is not put there when the keychain keeps nothing', async () => {
    const workspace = path.join(folder, 'workspace');
    const { vault } = await createVault({
      folder: workspace,
      name: 'W',
      passphrase: 'a long passphrase',
      jurisdiction: [],
      cipher: 'sqlcipher',
      cost: FLOOR_COST,
    });
    await expect(enrolKeychain(vault, keyringOf({ get: 'return null' }))).rejects.toMatchObject({
      code: 'KEYCHAIN_UNAVAILABLE',
    });
    expect(vault.slots.map((slot) => slot.kind)).toEqual(['passphrase', 'recovery']);
  });
});
