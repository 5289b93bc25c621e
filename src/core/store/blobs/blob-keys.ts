import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The keys of the blob store: one wraps the data key of every blob, one makes file names that reveal nothing. */
export class BlobKeys {
  readonly #keyEncryptionKey: Buffer;
  readonly #addressKey: Buffer;

  constructor(deriveKey: (label: string) => Buffer) {
    this.#keyEncryptionKey = deriveKey('falaj/v1/artifact-kek');
    this.#addressKey = deriveKey('falaj/v1/blob-address');
  }

  /** 64 hexadecimal digits. Without the key nobody can tell whether a known file is in the workspace. */
  address(sha256: string): string {
    return createHmac('sha256', this.#addressKey).update(Buffer.from(sha256, 'hex')).digest('hex');
  }

  /** AES-256-GCM: nonce, ciphertext, tag. Bound to the blob and to the file it opens. */
  wrap(dataKey: Uint8Array, id: string, fileId: Uint8Array): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keyEncryptionKey, nonce);
    cipher.setAAD(binding(id, fileId));
    return Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
  }

  /** The data key, or null when the wrapping was made for another blob or changed. */
  unwrap(wrapped: Uint8Array, id: string, fileId: Uint8Array): Buffer | null {
    if (wrapped.length <= NONCE_BYTES + TAG_BYTES) return null;
    const body = wrapped.length - TAG_BYTES;
    const decipher = createDecipheriv(
      'aes-256-gcm',
      this.#keyEncryptionKey,
      wrapped.subarray(0, NONCE_BYTES),
      {
        authTagLength: TAG_BYTES,
      },
    );
    decipher.setAAD(binding(id, fileId));
    decipher.setAuthTag(wrapped.subarray(body));
    const dataKey = decipher.update(wrapped.subarray(NONCE_BYTES, body));
    try {
      decipher.final();
      return dataKey;
    } catch {
      dataKey.fill(0);
      return null;
    }
  }

  close(): void {
    this.#keyEncryptionKey.fill(0);
    this.#addressKey.fill(0);
  }
}

const binding = (id: string, fileId: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from('falaj/v1/blob-dek\0', 'latin1'), Buffer.from(id, 'hex'), fileId]);
