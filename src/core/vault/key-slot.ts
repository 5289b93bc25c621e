import { randomBytes } from 'node:crypto';
import { FalajError } from '../../shared/errors.ts';
import { deriveWrappingKey } from './derive-key.ts';
import type { DerivationCost } from './key-derivation.ts';
import { parseRecoveryKey } from './recovery-key.ts';
import { slotBinding } from './root-key.ts';
import { openBox, sealBox } from './sealed-box.ts';
import type { KeySlot, VaultHeader } from './vault-file.ts';

const SALT_BYTES = 16;
const SLOT_ID_BYTES = 8;
const SHORTEST_PASSPHRASE = 8;

/** What opens a workspace. The keychain's secret is a random key that the operating system keeps. */
export type UnlockSecret =
  | { readonly passphrase: string }
  | { readonly recoveryKey: string }
  | { readonly keychainKey: Uint8Array };

export type SlotKind = KeySlot['kind'];

export const slotKindOf = (secret: UnlockSecret): SlotKind =>
  'passphrase' in secret ? 'passphrase' : 'recoveryKey' in secret ? 'recovery' : 'keychain';

/** Bytes of a secret; the caller zeroes them. Passphrases are normalised (NFKC), so that every keyboard gives the same. */
export function secretBytes(secret: UnlockSecret): Buffer {
  if ('passphrase' in secret) return Buffer.from(secret.passphrase.normalize('NFKC'), 'utf8');
  if ('recoveryKey' in secret) return parseRecoveryKey(secret.recoveryKey);
  return Buffer.from(secret.keychainKey);
}

export function refuseWeakPassphrase(passphrase: string): void {
  const symbols = [...passphrase.normalize('NFKC')];
  if (symbols.length >= SHORTEST_PASSPHRASE && new Set(symbols).size > 2) return;
  throw new FalajError('WEAK_PASSPHRASE', 'This passphrase is too easy to guess.', {
    hint: `Use at least ${SHORTEST_PASSPHRASE} characters; four or five unrelated words are easy to keep.`,
  });
}

export interface NewSlot {
  readonly kind: SlotKind;
  readonly secret: Uint8Array;
  readonly cost: DerivationCost;
  readonly createdAt: string;
}

type SlotHome = Pick<VaultHeader, 'workspaceId' | 'version'>;

/** Wraps the root key under a new salt, with everything about the slot bound to it. */
export async function makeSlot(
  home: SlotHome,
  rootKey: Uint8Array,
  { kind, secret, cost, createdAt }: NewSlot,
): Promise<KeySlot> {
  const slot = {
    id: randomBytes(SLOT_ID_BYTES).toString('hex'),
    kind,
    createdAt,
    derivation: { name: 'argon2id', ...cost, salt: randomBytes(SALT_BYTES).toString('hex') },
  } as const;
  const wrappingKey = await deriveWrappingKey(secret, slot.derivation);
  const wrapped = sealBox(wrappingKey, rootKey, slotBinding(home.workspaceId, home.version, slot));
  wrappingKey.fill(0);
  return { ...slot, wrapped: wrapped.toString('hex') };
}

/** The root key, or null when this secret does not open this slot. */
export async function openSlot(home: SlotHome, slot: KeySlot, secret: Uint8Array): Promise<Buffer | null> {
  const wrappingKey = await deriveWrappingKey(secret, slot.derivation);
  const rootKey = openBox(
    wrappingKey,
    Buffer.from(slot.wrapped, 'hex'),
    slotBinding(home.workspaceId, home.version, slot),
  );
  wrappingKey.fill(0);
  return rootKey;
}
