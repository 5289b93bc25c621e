import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createVault,
  FLOOR_COST,
  hasVault,
  type OpenVault,
  UnlockGuard,
  type UnlockSecret,
  unlockVault,
  VAULT_FILE,
} from './index.ts';

const PASSPHRASE = 'correct horse battery staple';
/** Far below what the derivations take that are refused, on a busy machine too. */
const AT_ONCE_MS = 500;
let folder: string;
const create = (passphrase = PASSPHRASE) =>
  createVault({
    folder,
    name: 'Flights',
    passphrase,
    jurisdiction: ['ae'],
    cipher: 'sqlcipher',
    cost: FLOOR_COST,
  });
const unlock = (secret: UnlockSecret, guard = new UnlockGuard()) =>
  unlockVault({ folder, secret, guard, cost: FLOOR_COST });
const label = 'falaj/v1/db/store';

type Header = {
  slots: { kind: string; derivation: Record<string, unknown>; wrapped: string }[];
  mac: string;
  [key: string]: unknown;
};
function edit(change: (header: Header) => void): void {
  const file = path.join(folder, VAULT_FILE);
  const header = JSON.parse(readFileSync(file, 'utf8'));
  change(header);
  writeFileSync(file, JSON.stringify(header));
}

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-vault-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a vault', () => {
  it('opens with the passphrase and with the recovery key, and gives the same keys', async () => {
    expect(hasVault(folder)).toBe(false);
    const { vault, recoveryKey } = await create();
    const key = vault.deriveKey(label);
    const sealed = vault.sealSecret(Buffer.from('signing key'), 'audit');
    for (const secret of [
      { passphrase: PASSPHRASE },
      { recoveryKey },
      { recoveryKey: recoveryKey.toLowerCase().replaceAll('-', ' ') },
    ]) {
      const again = await unlock(secret);
      expect(again.deriveKey(label).equals(key)).toBe(true);
      expect(again).toMatchObject({
        name: 'Flights',
        jurisdiction: ['ae'],
        cipher: 'sqlcipher',
        workspaceId: vault.workspaceId,
      });
      expect(again.openSecret(sealed, 'audit').toString()).toBe('signing key');
      expect(() => again.openSecret(sealed, 'other')).toThrow(
        expect.objectContaining({ code: 'VAULT_DAMAGED' }),
      );
    }
    expect(vault.slots.map((slot) => slot.kind)).toEqual(['passphrase', 'recovery']);
    expect(vault.deriveKey('falaj/v1/audit').equals(key)).toBe(false);
  });

  it('keeps neither names nor keys in the clear, in a file only its owner can read', async () => {
    const { vault } = await create();
    const text = readFileSync(path.join(folder, VAULT_FILE), 'utf8');
    for (const secret of ['Flights', PASSPHRASE, vault.deriveKey(label).toString('hex')])
      expect(text).not.toContain(secret);
    expect(statSync(path.join(folder, VAULT_FILE)).mode & 0o077).toBe(0);
    expect(readdirSync(folder)).toEqual([VAULT_FILE]);
  });

  it('takes a passphrase however the keyboard composed it', async () => {
    await create('pâté-crème-brûlée'.normalize('NFC'));
    await unlock({ passphrase: 'pâté-crème-brûlée'.normalize('NFD') });
  });

  it('refuses weak passphrases, a second vault in the folder, and a folder without one', async () => {
    await expect(create('short')).rejects.toMatchObject({ code: 'WEAK_PASSPHRASE' });
    await expect(create('aaaaaaaaaaaa')).rejects.toMatchObject({ code: 'WEAK_PASSPHRASE' });
    await expect(unlock({ passphrase: PASSPHRASE })).rejects.toMatchObject({ code: 'WORKSPACE_MISSING' });
    await create();
    await expect(create()).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  it('refuses to be made with more than it could be opened with again', async () => {
    const long = (characters: number) =>
      ({
        folder,
        passphrase: PASSPHRASE,
        cost: FLOOR_COST,
        name: 'Flights',
        cipher: 'sqlcipher',
        jurisdiction: ['a'.repeat(characters)],
      }) as const;
    await expect(createVault(long(17_000))).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(hasVault(folder)).toBe(false);
    await createVault(long(16_300));
    expect((await unlock({ passphrase: PASSPHRASE })).jurisdiction[0]).toHaveLength(16_300);
  });

  it('holds no key after it was closed', async () => {
    const { vault } = await create();
    vault.close();
    expect(() => vault.deriveKey(label)).toThrow(expect.objectContaining({ code: 'WORKSPACE_LOCKED' }));
  });
});

describe('changing the locks', () => {
  let vault: OpenVault;
  let recoveryKey: string;
  beforeEach(async () => {
    ({ vault, recoveryKey } = await create());
  });

  it('replaces the passphrase once the current one was given', async () => {
    const next = 'another long passphrase';
    await expect(
      vault.changePassphrase({ current: { passphrase: 'wrong passphrase' }, next }),
    ).rejects.toMatchObject({ code: 'WRONG_PASSPHRASE' });
    await vault.changePassphrase({ current: { passphrase: PASSPHRASE }, next });
    await expect(unlock({ passphrase: PASSPHRASE })).rejects.toMatchObject({ code: 'WRONG_PASSPHRASE' });
    const again = await unlock({ passphrase: next });
    expect(again.deriveKey(label).equals(vault.deriveKey(label))).toBe(true);
  });

  it('replaces a forgotten passphrase by the recovery key', async () => {
    await vault.changePassphrase({ current: { recoveryKey }, next: 'remembered from now on' });
    await expect(unlock({ passphrase: PASSPHRASE })).rejects.toMatchObject({ code: 'WRONG_PASSPHRASE' });
    await unlock({ passphrase: 'remembered from now on' });
  });

  it('makes the old recovery key useless', async () => {
    const fresh = await vault.replaceRecoveryKey({ current: { passphrase: PASSPHRASE } });
    await expect(unlock({ recoveryKey })).rejects.toMatchObject({ code: 'WRONG_PASSPHRASE' });
    await unlock({ recoveryKey: fresh });
  });

  it('adds and removes a keychain slot, and never removes the last way in', async () => {
    const keychainKey = Buffer.alloc(32, 5);
    const slot = await vault.addKeychainSlot(keychainKey);
    await unlock({ keychainKey });
    const [passphrase, recovery] = vault.slots;
    await vault.removeSlot(recovery!.id);
    await expect(vault.removeSlot(passphrase!.id)).rejects.toMatchObject({ code: 'CONFLICT' });
    await vault.removeSlot(slot.id);
    await expect(unlock({ keychainKey })).rejects.toMatchObject({ code: 'WRONG_PASSPHRASE' });
    await expect(vault.removeSlot(slot.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await unlock({ passphrase: PASSPHRASE });
  });
});

describe('a hostile or damaged key file', () => {
  let pristine: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-vault-'));
    await create();
    pristine = readFileSync(path.join(folder, VAULT_FILE), 'utf8');
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => writeFileSync(path.join(folder, VAULT_FILE), pristine));

  it('gives one and the same message for a wrong passphrase and a damaged slot', async () => {
    const wrong = await unlock({ passphrase: 'not the passphrase' }).catch((error: unknown) => error);
    edit((header) => {
      const { wrapped } = header.slots[0]!;
      header.slots[0]!.wrapped = (wrapped.startsWith('0') ? '1' : '0') + wrapped.slice(1);
    });
    const damaged = await unlock({ passphrase: PASSPHRASE }).catch((error: unknown) => error);
    expect(wrong).toMatchObject({ code: 'WRONG_PASSPHRASE' });
    expect(JSON.stringify(damaged)).toBe(JSON.stringify(wrong));
  });

  it.each([
    ['64 GiB of memory', { memoryKib: 64 * 1024 * 1024 }],
    ['less memory than the floor', { memoryKib: 8 }],
    ['too many rounds', { iterations: 1000 }],
    ['too many lanes', { parallelism: 255 }],
    ['a short salt', { salt: 'abcd' }],
  ])('that asks for %s is refused before anything is computed', async (_name, change) => {
    edit((header) => Object.assign(header.slots[0]!.derivation, change));
    const startedMs = performance.now();
    await expect(unlock({ passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'VAULT_DAMAGED',
      details: { file: path.join(folder, VAULT_FILE) },
    });
    expect(performance.now() - startedMs).toBeLessThan(AT_ONCE_MS);
  });

  it('whose slots are each allowed but together a matter of minutes is refused before anything is computed', async () => {
    const dear = { memoryKib: 1024 * 1024, iterations: 20 };
    edit((header) => {
      const [slot] = header.slots;
      header.slots = Array.from({ length: 16 }, () => ({
        ...slot!,
        derivation: { ...slot!.derivation, ...dear },
      }));
    });
    const startedMs = performance.now();
    await expect(unlock({ passphrase: PASSPHRASE })).rejects.toMatchObject({ code: 'VAULT_DAMAGED' });
    expect(performance.now() - startedMs).toBeLessThan(AT_ONCE_MS);
  });

  it.each<[string, (header: Header) => void]>([
    ['a removed slot', (header) => header.slots.pop()],
    ['re-ordered slots', (header) => header.slots.reverse()],
    ['another cipher', (header) => Object.assign(header, { cipher: 'aegis' })],
    ['another date', (header) => Object.assign(header, { createdAt: '2020-01-01T00:00:00.000Z' })],
  ])('with %s is refused although the passphrase is right', async (_name, change) => {
    edit(change);
    await expect(unlock({ passphrase: PASSPHRASE })).rejects.toMatchObject({ code: 'VAULT_DAMAGED' });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"format":'],
    ['other JSON', '[]'],
    ['an unknown field', '{"format":"falaj-vault","version":1,"more":true}'],
    ['too much', ' '.repeat(70_000)],
  ])('that holds %s is refused', async (_name, text) => {
    writeFileSync(path.join(folder, VAULT_FILE), text);
    await expect(unlock({ passphrase: PASSPHRASE })).rejects.toMatchObject({ code: 'VAULT_DAMAGED' });
  });

  it.skipIf(process.platform === 'win32').each<[string, (file: string) => void]>([
    ['a pipe that nobody writes to', (file) => execFileSync('mkfifo', [file])],
    ['a device without an end', (file) => symlinkSync('/dev/zero', file)],
    ['a folder', (file) => mkdirSync(file)],
  ])('that is %s is refused at once', async (_name, put) => {
    const file = path.join(folder, VAULT_FILE);
    rmSync(file);
    put(file);
    await expect(unlock({ passphrase: PASSPHRASE })).rejects.toMatchObject({ code: 'VAULT_DAMAGED' });
  });

  it('of a newer version is refused as such', async () => {
    edit((header) => Object.assign(header, { version: 2 }));
    await expect(unlock({ passphrase: PASSPHRASE })).rejects.toMatchObject({ code: 'SCHEMA_TOO_NEW' });
  });
});
