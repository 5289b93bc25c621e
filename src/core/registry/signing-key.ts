import { createHash, generateKeyPairSync } from 'node:crypto';
import type { AuditLog } from '../audit/index.ts';
import type { Store } from '../store/index.ts';

/** What the registry needs of the open vault. */
export interface SecretSealer {
  sealSecret(secret: Uint8Array, purpose: string): Buffer;
  openSecret(sealed: Uint8Array, purpose: string): Buffer;
}

export interface SigningKey {
  readonly publicKeyPem: string;
  /** SHA-256 of the public key's PEM text, as the signature's hint names it. */
  readonly keyId: string;
}

const PURPOSE = 'model-signing-key';

const keyIdOf = (publicKeyPem: string): string => createHash('sha256').update(publicKeyPem).digest('hex');

/** The workspace's P-256 key pair. It is made at first use; its private half never leaves the vault's seal but to sign. */
export class SigningKeyStore {
  readonly #store: Store;
  readonly #audit: AuditLog;
  readonly #vault: SecretSealer;
  readonly #clock: () => number;

  constructor(options: { store: Store; audit: AuditLog; vault: SecretSealer; clock: () => number }) {
    this.#store = options.store;
    this.#audit = options.audit;
    this.#vault = options.vault;
    this.#clock = options.clock;
  }

  /** Null before anything was signed here. */
  publicKey(): SigningKey | null {
    const row = this.#row();
    return row ? { publicKeyPem: row.public_key_pem, keyId: keyIdOf(row.public_key_pem) } : null;
  }

  /** Hands the private key's PEM text to `sign` and forgets it. */
  use<T>(sign: (privateKeyPem: string, key: SigningKey) => T): T {
    const row = this.#row() ?? this.#create();
    const secret = this.#vault.openSecret(row.sealed_private_key, PURPOSE);
    try {
      return sign(secret.toString('utf8'), {
        publicKeyPem: row.public_key_pem,
        keyId: keyIdOf(row.public_key_pem),
      });
    } finally {
      secret.fill(0);
    }
  }

  #row(): SigningKeyRow | undefined {
    return this.#store
      .statement<SigningKeyRow>(
        `SELECT public_key_pem, sealed_private_key FROM registry_signing_key WHERE id = 1`,
      )
      .get();
  }

  #create(): SigningKeyRow {
    const pair = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const sealed = this.#vault.sealSecret(Buffer.from(pair.privateKey, 'utf8'), PURPOSE);
    this.#store.transaction(() => {
      this.#store
        .statement(
          `INSERT INTO registry_signing_key (id, public_key_pem, sealed_private_key, created_at) VALUES (1, ?, ?, ?)`,
        )
        .run(pair.publicKey, sealed, this.#clock());
      this.#audit.append({
        action: 'signing-key.create',
        object: `key/${keyIdOf(pair.publicKey)}`,
        details: { curve: 'P-256' },
      });
    });
    return { public_key_pem: pair.publicKey, sealed_private_key: sealed };
  }
}

interface SigningKeyRow {
  readonly public_key_pem: string;
  readonly sealed_private_key: Buffer;
}
