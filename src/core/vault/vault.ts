import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { FalajError } from '../../shared/errors.ts';
import { makeFolderDurably, type PageCipher, sweepTemporary } from '../store/index.ts';
import { DEFAULT_COST, type DerivationCost, FLOOR_COST } from './key-derivation.ts';
import { makeSlot, refuseWeakPassphrase, secretBytes, type UnlockSecret } from './key-slot.ts';
import { finishHeader, newRootKey, type OpenVault, openVault, sealProfile, tryUnlock } from './open-vault.ts';
import { formatRecoveryKey, newRecoveryKey } from './recovery-key.ts';
import { UnlockGuard } from './unlock-guard.ts';
import { readVaultFile, VAULT_VERSION, vaultPath, writeVaultFile } from './vault-file.ts';

interface VaultSurroundings {
  /** Cost of new passphrase slots. */
  readonly cost?: DerivationCost;
  readonly now?: () => Date;
  /** Counts wrong tries; the host keeps one per workspace. */
  readonly guard?: UnlockGuard;
}

export interface CreateVaultOptions extends VaultSurroundings {
  readonly folder: string;
  readonly name: string;
  readonly passphrase: string;
  readonly jurisdiction: readonly string[];
  readonly cipher: PageCipher;
}

export interface UnlockVaultOptions extends VaultSurroundings {
  readonly folder: string;
  readonly secret: UnlockSecret;
}

/** Makes the key file of a new workspace: a random root key under a passphrase slot and a recovery slot. */
export async function createVault(
  options: CreateVaultOptions,
): Promise<{ vault: OpenVault; recoveryKey: string }> {
  const { folder, cost = DEFAULT_COST, now = () => new Date(), guard = new UnlockGuard() } = options;
  refuseWeakPassphrase(options.passphrase);
  if (existsSync(vaultPath(folder))) {
    throw new FalajError('ALREADY_EXISTS', `There is already a workspace in ${folder}.`, {
      hint: 'Unlock it, or choose an empty folder.',
      details: { folder },
    });
  }
  await makeFolderDurably(folder);
  const rootKey = newRootKey();
  const recovery = newRecoveryKey();
  const passphrase = secretBytes({ passphrase: options.passphrase });
  try {
    const workspaceId = randomBytes(16).toString('hex');
    const createdAt = now().toISOString();
    const home = { workspaceId, version: VAULT_VERSION } as const;
    const slots = [
      await makeSlot(home, rootKey, { kind: 'passphrase', secret: passphrase, cost, createdAt }),
      await makeSlot(home, rootKey, { kind: 'recovery', secret: recovery, cost: FLOOR_COST, createdAt }),
    ];
    const profile = sealProfile(rootKey, workspaceId, {
      name: options.name,
      jurisdiction: [...options.jurisdiction],
    });
    const header = finishHeader(rootKey, {
      format: 'falaj-vault',
      ...home,
      createdAt,
      cipher: options.cipher,
      slots,
      profile,
    });
    await writeVaultFile(folder, header);
    return {
      vault: openVault({ folder, header, rootKey, cost, now, guard }),
      recoveryKey: formatRecoveryKey(recovery),
    };
  } catch (error) {
    rootKey.fill(0);
    throw error;
  } finally {
    recovery.fill(0);
    passphrase.fill(0);
  }
}

export function unlockVault(options: UnlockVaultOptions): Promise<OpenVault> {
  const { folder, secret, cost = DEFAULT_COST, now = () => new Date(), guard = new UnlockGuard() } = options;
  return guard.attempt(async () => {
    const header = await readVaultFile(folder);
    const { rootKey } = await tryUnlock(header, secret);
    await sweepTemporary(vaultPath(folder));
    return openVault({ folder, header, rootKey, cost, now, guard });
  });
}

/** True when the folder holds a key file, whatever its state. */
export const hasVault = (folder: string): boolean => existsSync(vaultPath(folder));
