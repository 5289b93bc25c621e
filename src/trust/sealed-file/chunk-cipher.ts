import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { SealedHeader } from './header.ts';

export const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const MAX_CHUNKS = 2 ** 32;

/**
 * Seals and opens single chunks with AES-256-GCM under STREAM nonces (Hoang, Reyhanitabar, Rogaway, Vizár 2015): random
 * prefix, chunk index, last flag. The additional data binds the header as well, so a chunk is only valid in its own file, at
 * its own place.
 */
export class ChunkCipher {
  readonly #key: Uint8Array;
  readonly #noncePrefix: Uint8Array;
  readonly #headerHash: Buffer;

  constructor(dataKey: Uint8Array, header: SealedHeader, headerBytes: Uint8Array) {
    this.#key = dataKey;
    this.#noncePrefix = header.noncePrefix;
    this.#headerHash = createHash('sha256').update(headerBytes).digest();
  }

  /** Ciphertext and tag, as two pieces so that a megabyte need not be copied to join them. */
  seal(index: number, isLast: boolean, plaintext: Uint8Array): readonly [ciphertext: Buffer, tag: Buffer] {
    const cipher = createCipheriv('aes-256-gcm', this.#key, this.#nonce(index, isLast));
    cipher.setAAD(this.#additionalData(index, isLast));
    const ciphertext = cipher.update(plaintext);
    cipher.final();
    return [ciphertext, cipher.getAuthTag()];
  }

  /** The plaintext, or null when the chunk is not the one that was sealed for this place. */
  open(index: number, isLast: boolean, sealed: Uint8Array): Buffer | null {
    if (sealed.length < TAG_BYTES) return null;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, this.#nonce(index, isLast), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(this.#additionalData(index, isLast));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const plaintext = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
    try {
      decipher.final();
      return plaintext;
    } catch {
      plaintext.fill(0);
      return null;
    }
  }

  #nonce(index: number, isLast: boolean): Buffer {
    if (index >= MAX_CHUNKS) throw new RangeError(`A sealed file has at most ${MAX_CHUNKS} chunks.`);
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.set(this.#noncePrefix, 0);
    nonce.writeUInt32BE(index, 7);
    nonce[11] = isLast ? 1 : 0;
    return nonce;
  }

  #additionalData(index: number, isLast: boolean): Buffer {
    const data = Buffer.alloc(this.#headerHash.length + 5);
    this.#headerHash.copy(data);
    data.writeUInt32BE(index, this.#headerHash.length);
    data[data.length - 1] = isLast ? 1 : 0;
    return data;
  }
}
