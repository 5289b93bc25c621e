import { createHmac, hkdfSync } from 'node:crypto';
import { canonicalJson } from '../../trust/canonical-json.ts';
import type { KeySlot, VaultHeader } from './vault-file.ts';

/** HKDF-SHA256 with the workspace id as salt: a label gives the same key every time, and no label tells of another. */
export function deriveFromRoot(rootKey: Uint8Array, workspaceId: string, label: string): Buffer {
  return Buffer.from(hkdfSync('sha256', rootKey, Buffer.from(workspaceId, 'hex'), label, 32));
}

/** What a slot's wrapping is bound to: a slot cannot be moved to another workspace, nor its cost be lowered. */
export function slotBinding(workspaceId: string, version: number, slot: Omit<KeySlot, 'wrapped'>): Buffer {
  const { id, kind, createdAt, derivation } = slot;
  return Buffer.from(
    canonicalJson({ purpose: 'falaj/v1/slot', version, workspaceId, id, kind, createdAt, derivation }),
  );
}

/** HMAC over everything else in the key file: removed, added or re-ordered slots show. Hexadecimal. */
export function headerMac(
  rootKey: Uint8Array,
  header: Omit<VaultHeader, 'mac'> & { readonly mac?: string },
): string {
  const { mac: _mac, ...content } = header;
  const key = deriveFromRoot(rootKey, header.workspaceId, 'falaj/v1/header');
  const mac = createHmac('sha256', key).update(canonicalJson(content)).digest('hex');
  key.fill(0);
  return mac;
}
