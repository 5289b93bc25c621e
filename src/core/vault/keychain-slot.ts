import { randomBytes } from 'node:crypto';
import { FalajError } from '../../shared/errors.ts';
import type { KeySlotInfo, OpenVault } from './open-vault.ts';
import type { SecretStore } from './secret-store.ts';
import { type UnlockVaultOptions, unlockVault } from './vault.ts';
import { readVaultFile } from './vault-file.ts';

const KEYCHAIN_KEY_BYTES = 32;

/** One entry per workspace. It holds a wrapping key only: without the workspace's files it opens nothing. */
const entryName = (workspaceId: string): string => `workspace-${workspaceId}`;

/** Lets this computer's keychain open the workspace, once the keychain has shown that it keeps secrets. */
export async function enrolKeychain(vault: OpenVault, keychain: SecretStore): Promise<KeySlotInfo> {
  const trouble = await keychain.unavailableBecause();
  if (trouble !== null) {
    throw new FalajError('KEYCHAIN_UNAVAILABLE', `${keychain.describe()} cannot keep the key. ${trouble}`, {
      hint: 'Go on unlocking with the passphrase.',
    });
  }
  const earlier = vault.slots.filter((slot) => slot.kind === 'keychain');
  const key = randomBytes(KEYCHAIN_KEY_BYTES);
  try {
    await keychain.set(entryName(vault.workspaceId), key);
    const slot = await vault.addKeychainSlot(key);
    for (const { id } of earlier) await vault.removeSlot(id);
    return slot;
  } finally {
    key.fill(0);
  }
}

/** Takes the workspace out of the keychain. */
export async function forgetKeychain(vault: OpenVault, keychain: SecretStore): Promise<void> {
  for (const slot of vault.slots) if (slot.kind === 'keychain') await vault.removeSlot(slot.id);
  await keychain.delete(entryName(vault.workspaceId));
}

/** Unlocks without a passphrase; null when this keychain does not know the workspace. */
export async function unlockWithKeychain(
  options: Omit<UnlockVaultOptions, 'secret'>,
  keychain: SecretStore,
): Promise<OpenVault | null> {
  const header = await readVaultFile(options.folder);
  if (!header.slots.some((slot) => slot.kind === 'keychain')) return null;
  const keychainKey = await keychain.get(entryName(header.workspaceId));
  if (keychainKey === null) return null;
  try {
    return await unlockVault({ ...options, secret: { keychainKey } });
  } finally {
    keychainKey.fill(0);
  }
}
