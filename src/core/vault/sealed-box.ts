import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM over a short secret: nonce, ciphertext, tag. */
export function sealBox(key: Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(additionalData);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** The plaintext, or null when key, bytes or additional data are not those it was sealed with. */
export function openBox(key: Uint8Array, box: Uint8Array, additionalData: Uint8Array): Buffer | null {
  const body = box.length - TAG_BYTES;
  if (body < NONCE_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(additionalData);
  decipher.setAuthTag(box.subarray(body));
  const plaintext = decipher.update(box.subarray(NONCE_BYTES, body));
  try {
    decipher.final();
    return plaintext;
  } catch {
    plaintext.fill(0);
    return null;
  }
}
