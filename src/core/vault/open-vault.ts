import { randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { FalajError } from '../../shared/errors.ts';
import type { PageCipher } from '../store/index.ts';
import { type DerivationCost, FLOOR_COST } from './key-derivation.ts';
import {
  makeSlot,
  openSlot,
  refuseWeakPassphrase,
  type SlotKind,
  secretBytes,
  slotKindOf,
  type UnlockSecret,
} from './key-slot.ts';
import { formatRecoveryKey, newRecoveryKey } from './recovery-key.ts';
import { deriveFromRoot, headerMac } from './root-key.ts';
import { openBox, sealBox } from './sealed-box.ts';
import type { UnlockGuard } from './unlock-guard.ts';
import {
  type KeySlot,
  MAX_PROFILE_BYTES,
  MAX_SLOTS,
  type VaultHeader,
  vaultDamaged,
  vaultPath,
  writeVaultFile,
} from './vault-file.ts';

export interface KeySlotInfo {
  readonly id: string;
  readonly kind: SlotKind;
  readonly createdAt: string;
}

/** A change of what opens the vault, allowed by something that opens it. */
export interface KeyChange {
  readonly current: UnlockSecret;
  /** Called once `current` has opened its slot. When it throws, nothing is changed. */
  readonly beforeWriting?: () => void;
}

/** An unlocked vault. It holds the root key until `close`; nothing outside ever sees that key. */
export interface OpenVault {
  readonly workspaceId: string;
  readonly name: string;
  readonly jurisdiction: readonly string[];
  readonly cipher: PageCipher;
  readonly slots: readonly KeySlotInfo[];
  /** 32 bytes for a label such as `falaj/v1/db/store`; the caller owns and zeroes them. */
  deriveKey(label: string): Buffer;
  /** Seals a short secret for keeping in the store; it opens only for the same purpose in the same workspace. */
  sealSecret(bytes: Uint8Array, purpose: string): Buffer;
  openSecret(sealed: Uint8Array, purpose: string): Buffer;
  /** Replaces the slot that `current` opens. Asks for it again: an unattended screen may not change the locks. */
  changePassphrase(change: KeyChange & { readonly next: string }): Promise<void>;
  /** Makes a new recovery key; the old one no longer opens anything. */
  replaceRecoveryKey(change: KeyChange): Promise<string>;
  addKeychainSlot(keychainKey: Uint8Array): Promise<KeySlotInfo>;
  /** Every way in but the last one that does not depend on this computer's keychain can be removed. */
  removeSlot(id: string): Promise<void>;
  close(): void;
}

const profileSchema = z.object({ name: z.string(), jurisdiction: z.array(z.string()) });
export type VaultProfile = z.infer<typeof profileSchema>;

const PROFILE_PURPOSE = 'falaj/v1/profile';

/** Computes the MAC last, over the finished header. */
export function finishHeader(rootKey: Uint8Array, header: Omit<VaultHeader, 'mac'>): VaultHeader {
  return { ...header, mac: headerMac(rootKey, header) };
}

export function sealProfile(rootKey: Uint8Array, workspaceId: string, profile: VaultProfile): string {
  const bytes = Buffer.from(JSON.stringify(profile), 'utf8');
  if (bytes.length > MAX_PROFILE_BYTES) {
    throw new FalajError('BAD_INPUT', 'The name and the jurisdictions of the workspace are too long.', {
      hint: 'Name each jurisdiction by its short code, such as ae.',
    });
  }
  return sealFor(rootKey, workspaceId, PROFILE_PURPOSE, bytes).toString('hex');
}

export interface OpenVaultOptions {
  readonly folder: string;
  readonly header: VaultHeader;
  /** Taken over: zeroed on close, or at once when the header proves to have been changed. */
  readonly rootKey: Buffer;
  readonly cost: DerivationCost;
  readonly now: () => Date;
  /** Counts the wrong tries of whoever wants to change the locks, too. */
  readonly guard: UnlockGuard;
}

/** Checks the header with the root key and opens the vault. */
export function openVault(options: OpenVaultOptions): OpenVault {
  const { header, rootKey, folder } = options;
  const authentic = timingSafeEqual(
    Buffer.from(headerMac(rootKey, header), 'hex'),
    Buffer.from(header.mac, 'hex'),
  );
  const profile = authentic
    ? openFor(rootKey, header.workspaceId, PROFILE_PURPOSE, Buffer.from(header.profile, 'hex'))
    : null;
  if (profile === null) {
    rootKey.fill(0);
    throw vaultDamaged(
      vaultPath(folder),
      'Its slots or settings were changed by something other than Falaj.',
    );
  }
  return new UnlockedVault(options, profileSchema.parse(JSON.parse(profile.toString('utf8'))));
}

class UnlockedVault implements OpenVault {
  readonly name: string;
  readonly jurisdiction: readonly string[];
  readonly #options: OpenVaultOptions;
  #header: VaultHeader;
  #open = true;
  /** Changes of the file one after the other: each starts from the header that the last one wrote. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: OpenVaultOptions, profile: VaultProfile) {
    this.#options = options;
    this.#header = options.header;
    this.name = profile.name;
    this.jurisdiction = Object.freeze([...profile.jurisdiction]);
  }

  get workspaceId(): string {
    return this.#header.workspaceId;
  }

  get cipher(): PageCipher {
    return this.#header.cipher;
  }

  get slots(): readonly KeySlotInfo[] {
    return this.#header.slots.map(slotInfo);
  }

  deriveKey(label: string): Buffer {
    return deriveFromRoot(this.#rootKey(), this.workspaceId, label);
  }

  sealSecret(bytes: Uint8Array, purpose: string): Buffer {
    return sealFor(this.#rootKey(), this.workspaceId, `falaj/v1/secret/${purpose}`, bytes);
  }

  openSecret(sealed: Uint8Array, purpose: string): Buffer {
    const bytes = openFor(this.#rootKey(), this.workspaceId, `falaj/v1/secret/${purpose}`, sealed);
    if (bytes === null) {
      throw new FalajError(
        'VAULT_DAMAGED',
        `The sealed secret "${purpose}" is damaged or belongs to another workspace.`,
        {
          hint: 'Restore the workspace from a backup.',
          details: { purpose },
        },
      );
    }
    return bytes;
  }

  changePassphrase({ current, next, beforeWriting }: KeyChange & { readonly next: string }): Promise<void> {
    return this.#change(async () => {
      refuseWeakPassphrase(next);
      const opened = await this.#authenticate(current);
      const slot = await this.#newSlot('passphrase', secretBytes({ passphrase: next }), this.#options.cost);
      // With the recovery key the forgotten passphrase goes; with a passphrase only that one.
      const replaced = (each: KeySlot) =>
        each.kind === 'passphrase' && (opened.kind !== 'passphrase' || each.id === opened.id);
      beforeWriting?.();
      await this.#write([slot, ...this.#header.slots.filter((each) => !replaced(each))]);
    });
  }

  replaceRecoveryKey({ current, beforeWriting }: KeyChange): Promise<string> {
    return this.#change(async () => {
      await this.#authenticate(current);
      const key = newRecoveryKey();
      const text = formatRecoveryKey(key);
      const slot = await this.#newSlot('recovery', key, FLOOR_COST);
      beforeWriting?.();
      await this.#write([...this.#header.slots.filter((each) => each.kind !== 'recovery'), slot]);
      return text;
    });
  }

  addKeychainSlot(keychainKey: Uint8Array): Promise<KeySlotInfo> {
    return this.#change(async () => {
      const slot = await this.#newSlot('keychain', Buffer.from(keychainKey), FLOOR_COST);
      await this.#write([...this.#header.slots, slot]);
      return slotInfo(slot);
    });
  }

  removeSlot(id: string): Promise<void> {
    return this.#change(async () => {
      const rest = this.#header.slots.filter((slot) => slot.id !== id);
      if (rest.length === this.#header.slots.length) {
        throw new FalajError('NOT_FOUND', `There is no key slot ${id}.`, {
          hint: 'List the slots with `falaj vault slots`.',
        });
      }
      if (rest.every((slot) => slot.kind === 'keychain')) {
        throw new FalajError(
          'CONFLICT',
          'The last way in that does not depend on this computer cannot be removed.',
          {
            hint: 'Add another passphrase first.',
          },
        );
      }
      await this.#write(rest);
    });
  }

  close(): void {
    this.#open = false;
    this.#options.rootKey.fill(0);
  }

  #rootKey(): Buffer {
    if (!this.#open)
      throw new FalajError('WORKSPACE_LOCKED', 'The workspace is locked.', { hint: 'Unlock it first.' });
    return this.#options.rootKey;
  }

  async #authenticate(secret: UnlockSecret): Promise<KeySlot> {
    const opened = await this.#options.guard.attempt(() => tryUnlock(this.#header, secret));
    opened.rootKey.fill(0);
    return opened.slot;
  }

  async #newSlot(kind: SlotKind, secret: Buffer, cost: DerivationCost): Promise<KeySlot> {
    try {
      return await makeSlot(this.#header, this.#rootKey(), {
        kind,
        secret,
        cost,
        createdAt: this.#options.now().toISOString(),
      });
    } finally {
      secret.fill(0);
    }
  }

  async #write(slots: KeySlot[]): Promise<void> {
    if (slots.length > MAX_SLOTS) {
      throw new FalajError('CONFLICT', `A workspace has at most ${MAX_SLOTS} key slots.`, {
        hint: 'Remove one first.',
      });
    }
    const header = finishHeader(this.#rootKey(), { ...this.#header, slots });
    await writeVaultFile(this.#options.folder, header);
    this.#header = header;
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.then(
      () => null,
      () => null,
    );
    return result;
  }
}

/** Finds the slot that the secret opens. The message is the same whether the secret is wrong or the slot is damaged. */
export async function tryUnlock(
  header: VaultHeader,
  secret: UnlockSecret,
): Promise<{ slot: KeySlot; rootKey: Buffer }> {
  const kind = slotKindOf(secret);
  const bytes = secretBytes(secret);
  try {
    for (const slot of header.slots) {
      const rootKey = slot.kind === kind ? await openSlot(header, slot, bytes) : null;
      if (rootKey !== null) return { slot, rootKey };
    }
  } finally {
    bytes.fill(0);
  }
  throw new FalajError('WRONG_PASSPHRASE', 'The workspace could not be unlocked.', {
    hint: 'Check the passphrase or the recovery key and try again.',
  });
}

/** 256 random bits: never derived from a passphrase, never kept unwrapped. */
export const newRootKey = (): Buffer => randomBytes(32);

const slotInfo = ({ id, kind, createdAt }: KeySlot): KeySlotInfo => Object.freeze({ id, kind, createdAt });

function sealFor(rootKey: Uint8Array, workspaceId: string, purpose: string, bytes: Uint8Array): Buffer {
  const key = deriveFromRoot(rootKey, workspaceId, purpose);
  const sealed = sealBox(key, bytes, Buffer.from(purpose, 'utf8'));
  key.fill(0);
  return sealed;
}

function openFor(
  rootKey: Uint8Array,
  workspaceId: string,
  purpose: string,
  sealed: Uint8Array,
): Buffer | null {
  const key = deriveFromRoot(rootKey, workspaceId, purpose);
  const bytes = openBox(key, sealed, Buffer.from(purpose, 'utf8'));
  key.fill(0);
  return bytes;
}
