import { randomBytes } from 'node:crypto';
import { CheckpointSigner, ED25519_SEED_BYTES } from '../../trust/merkle-log/index.ts';
import type { Store } from '../store/index.ts';

/** What the log needs of an unlocked vault. */
export interface AuditKeys {
  readonly workspaceId: string;
  deriveKey(label: string): Buffer;
  sealSecret(bytes: Uint8Array, purpose: string): Buffer;
  openSecret(sealed: Uint8Array, purpose: string): Buffer;
}

const PURPOSE = 'audit-checkpoint-key';

/** Signed states of the log. The signing key is made with the first one and kept sealed. */
export class CheckpointTable {
  readonly #store: Store;
  readonly #keys: AuditKeys;
  #signer: CheckpointSigner | null = null;

  constructor(store: Store, keys: AuditKeys) {
    this.#store = store;
    this.#keys = keys;
  }

  /** Newest first; null when none was made. */
  latest(): { size: number; note: string } | null {
    return (
      this.#store
        .statement<{ size: number; note: string }>(
          'SELECT size, note FROM audit_checkpoint ORDER BY size DESC LIMIT 1',
        )
        .get() ?? null
    );
  }

  all(): { size: number; note: string }[] {
    return this.#store
      .statement<{ size: number; note: string }>('SELECT size, note FROM audit_checkpoint ORDER BY size')
      .all();
  }

  sign(size: number, root: Uint8Array): string {
    return this.#store.transaction(() => {
      const known = this.#store
        .statement<{ note: string }>('SELECT note FROM audit_checkpoint WHERE size = ?')
        .get(size);
      if (known) return known.note;
      const note = this.signer().sign(size, root);
      this.#store.statement('INSERT INTO audit_checkpoint (size, note) VALUES (?, ?)').run(size, note);
      return note;
    });
  }

  signer(): CheckpointSigner {
    if (this.#signer === null) {
      const seed = this.#seed();
      this.#signer = new CheckpointSigner(`falaj.local/${this.#keys.workspaceId}`, seed);
      seed.fill(0);
    }
    return this.#signer;
  }

  #seed(): Buffer {
    return this.#store.transaction(() => {
      const row = this.#store
        .statement<{ sealed: Buffer }>('SELECT sealed FROM audit_key WHERE id = 0')
        .get();
      if (row) return this.#keys.openSecret(row.sealed, PURPOSE);
      const seed = randomBytes(ED25519_SEED_BYTES);
      this.#store
        .statement('INSERT INTO audit_key (id, sealed) VALUES (0, ?)')
        .run(this.#keys.sealSecret(seed, PURPOSE));
      return seed;
    });
  }
}
