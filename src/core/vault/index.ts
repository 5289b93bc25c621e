export { DEFAULT_COST, type DerivationCost, FLOOR_COST } from './key-derivation.ts';
export { slotKindOf, type UnlockSecret } from './key-slot.ts';
export { enrolKeychain, forgetKeychain, unlockWithKeychain } from './keychain-slot.ts';
export type { KeyChange, KeySlotInfo, OpenVault } from './open-vault.ts';
export { OsKeyring, type OsKeyringOptions } from './os-keyring.ts';
export type { SecretStore } from './secret-store.ts';
export { UnlockGuard } from './unlock-guard.ts';
export {
  type CreateVaultOptions,
  createVault,
  hasVault,
  type UnlockVaultOptions,
  unlockVault,
} from './vault.ts';
export { VAULT_FILE } from './vault-file.ts';
