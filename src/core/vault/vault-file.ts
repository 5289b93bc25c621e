import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { FalajError } from '../../shared/errors.ts';
import { diskError, PAGE_CIPHERS, replaceFile } from '../store/index.ts';
import { derivationSchema, isBearable } from './key-derivation.ts';

export const VAULT_FILE = 'vault.json';
export const VAULT_VERSION = 1;

const MAX_FILE_BYTES = 65_536;
export const MAX_SLOTS = 16;
/** As JSON, before it is sealed. With it and all slots in use the file stays below its own limit. */
export const MAX_PROFILE_BYTES = 16_384;
/** What sealing adds: nonce and tag. */
const SEAL_BYTES = 12 + 16;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const slotSchema = z.strictObject({
  id: hex(8),
  kind: z.enum(['passphrase', 'recovery', 'keychain']),
  createdAt: z.iso.datetime({ offset: false }),
  derivation: derivationSchema.strict(),
  /** Nonce, wrapped root key, tag. */
  wrapped: hex(12 + 32 + 16),
});

const vaultSchema = z.strictObject({
  format: z.literal('falaj-vault'),
  version: z.literal(VAULT_VERSION),
  workspaceId: hex(16),
  createdAt: z.iso.datetime({ offset: false }),
  cipher: z.enum(PAGE_CIPHERS),
  slots: z
    .array(slotSchema)
    .min(1)
    .max(MAX_SLOTS)
    .refine((slots) => isBearable(slots.map((slot) => slot.derivation))),
  /** Name and jurisdiction, sealed: the file says nothing about what the workspace is for. */
  profile: z.string().regex(new RegExp(`^(?:[0-9a-f]{2}){${SEAL_BYTES},${SEAL_BYTES + MAX_PROFILE_BYTES}}$`)),
  mac: hex(32),
});

export type VaultHeader = z.infer<typeof vaultSchema>;
export type KeySlot = z.infer<typeof slotSchema>;

export const vaultPath = (folder: string): string => path.join(folder, VAULT_FILE);

/** Reads the key file. Nothing it asks for is allocated or computed before its values were checked against their caps. */
export async function readVaultFile(folder: string): Promise<VaultHeader> {
  const file = vaultPath(folder);
  const bytes = await readCapped(file);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw vaultDamaged(file, 'It is not JSON.', error);
  }
  const version = z.object({ format: z.literal('falaj-vault'), version: z.number() }).safeParse(value);
  if (version.success && version.data.version > VAULT_VERSION) {
    throw new FalajError('SCHEMA_TOO_NEW', `${file} was written by a newer version of Falaj.`, {
      hint: 'Open the workspace with that version or a later one.',
      details: { file },
    });
  }
  const header = vaultSchema.safeParse(value);
  if (!header.success) {
    const issue = header.error.issues[0];
    throw vaultDamaged(
      file,
      `Its value at ${issue?.path.join('.') || 'the top'} is not allowed.`,
      header.error,
    );
  }
  return header.data;
}

export async function writeVaultFile(folder: string, header: VaultHeader): Promise<void> {
  const text = `${JSON.stringify(header, null, 2)}\n`;
  await replaceFile(vaultPath(folder), (handle) => handle.writeFile(text));
}

export const vaultDamaged = (file: string, finding: string, cause?: unknown): FalajError =>
  new FalajError('VAULT_DAMAGED', `The key file ${file} is damaged. ${finding}`, {
    hint: 'Restore the file from a backup. Without it the workspace cannot be opened.',
    details: { file, finding },
    cause,
  });

async function readCapped(file: string): Promise<Buffer> {
  try {
    // A pipe in its place would never be opened, a device never end.
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw vaultDamaged(file, 'It is not a file.');
      if (stats.size > MAX_FILE_BYTES) throw vaultDamaged(file, 'It is larger than a key file can be.');
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new FalajError('WORKSPACE_MISSING', `There is no workspace in ${path.dirname(file)}.`, {
        hint: 'Create one with `falaj init`, or choose its folder.',
        details: { folder: path.dirname(file) },
        cause: error,
      });
    }
    throw diskError(error, file);
  }
}
