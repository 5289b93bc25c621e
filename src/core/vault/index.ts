export { DEFAULT_COST, type DerivationCost, FLOOR_COST } from './key-derivation.ts';
export type { UnlockSecret } from './key-slot.ts';
export type { KeySlotInfo, OpenVault } from './open-vault.ts';
export { UnlockGuard } from './unlock-guard.ts';
export {
  type CreateVaultOptions,
  createVault,
  hasVault,
  type UnlockVaultOptions,
  unlockVault,
} from './vault.ts';
export { VAULT_FILE } from './vault-file.ts';
