import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveFromRoot, headerMac, slotBinding } from './root-key.ts';
import type { VaultHeader } from './vault-file.ts';

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array) => Buffer.from(array).toString('hex'));
const slots = fc.record({
  id: hex(8),
  kind: fc.constantFrom('passphrase' as const, 'recovery' as const, 'keychain' as const),
  createdAt: fc.constant('2026-01-01T00:00:00.000Z'),
  derivation: fc.record({
    name: fc.constant('argon2id' as const),
    memoryKib: fc.integer({ min: 19_456, max: 1_048_576 }),
    iterations: fc.integer({ min: 2, max: 20 }),
    parallelism: fc.integer({ min: 1, max: 16 }),
    salt: hex(16),
  }),
  wrapped: hex(60),
});
const headers = fc.record({
  format: fc.constant('falaj-vault' as const),
  version: fc.constant(1 as const),
  workspaceId: hex(16),
  createdAt: fc.constant('2026-01-01T00:00:00.000Z'),
  cipher: fc.constantFrom('sqlcipher' as const, 'chacha20' as const, 'aegis' as const),
  slots: fc.uniqueArray(slots, { minLength: 2, maxLength: 5, selector: (slot) => slot.id }),
  profile: hex(28),
}) satisfies fc.Arbitrary<Omit<VaultHeader, 'mac'>>;
const rootKey = Buffer.alloc(32, 9);

describe('keys from the root key', () => {
  it('are the same for the same label and workspace, and never else', () => {
    fc.assert(
      fc.property(
        hex(16),
        hex(16),
        fc.string(),
        fc.string(),
        (workspace, otherWorkspace, label, otherLabel) => {
          fc.pre(workspace !== otherWorkspace && label !== otherLabel);
          const key = deriveFromRoot(rootKey, workspace, label);
          expect(key.equals(deriveFromRoot(rootKey, workspace, label))).toBe(true);
          expect(key.equals(deriveFromRoot(rootKey, otherWorkspace, label))).toBe(false);
          expect(key.equals(deriveFromRoot(rootKey, workspace, otherLabel))).toBe(false);
          expect(key.equals(deriveFromRoot(Buffer.alloc(32, 8), workspace, label))).toBe(false);
        },
      ),
    );
  });
});

describe('the MAC of the key file', () => {
  it('survives another order of fields, and no change of content', () => {
    fc.assert(
      fc.property(headers, (header) => {
        const mac = headerMac(rootKey, header);
        const { slots: kept, ...others } = header;
        expect(headerMac(rootKey, { slots: kept, mac: 'any', ...others })).toBe(mac);
        const [first, ...rest] = header.slots;
        const cheaper = {
          ...first!,
          derivation: { ...first!.derivation, iterations: first!.derivation.iterations + 1 },
        };
        const changes: Partial<VaultHeader>[] = [
          { slots: rest },
          { slots: [...rest, first!] },
          { slots: [cheaper, ...rest] },
          { createdAt: '2026-01-01T00:00:00.001Z' },
          { profile: `${header.profile}00` },
        ];
        for (const change of changes) expect(headerMac(rootKey, { ...header, ...change })).not.toBe(mac);
      }),
    );
  });

  it('is matched by a binding of each slot to everything that it says', () => {
    fc.assert(
      fc.property(slots, hex(16), hex(16), (slot, workspace, other) => {
        fc.pre(workspace !== other);
        const binding = slotBinding(workspace, 1, slot).toString();
        expect(slotBinding(other, 1, slot).toString()).not.toBe(binding);
        expect(slotBinding(workspace, 2, slot).toString()).not.toBe(binding);
        const changed = {
          ...slot,
          derivation: { ...slot.derivation, memoryKib: slot.derivation.memoryKib + 1 },
        };
        expect(slotBinding(workspace, 1, changed).toString()).not.toBe(binding);
      }),
    );
  });
});
