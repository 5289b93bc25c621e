import type Database from 'better-sqlite3';

/**
 * Page ciphers that authenticate every page. The schemes without a MAC (AES-CBC, RC4) serve wrong values from a damaged
 * file and are not offered.
 */
export const PAGE_CIPHERS = ['sqlcipher', 'chacha20', 'aegis'] as const;

export type PageCipher = (typeof PAGE_CIPHERS)[number];

export const STORE_KEY_BYTES = 32;

const HEX_DIGITS = Buffer.from('0123456789abcdef', 'ascii');

/** Hands the key to the driver in its raw form, without a JavaScript string ever holding it. */
export function applyKey(database: Database, cipher: PageCipher, key: Uint8Array): void {
  const prefix = 'raw:';
  const text = Buffer.alloc(prefix.length + STORE_KEY_BYTES * 2);
  text.write(prefix, 'ascii');
  for (let i = 0; i < STORE_KEY_BYTES; i++) {
    text[prefix.length + 2 * i] = HEX_DIGITS[key[i]! >> 4]!;
    text[prefix.length + 2 * i + 1] = HEX_DIGITS[key[i]! & 15]!;
  }
  try {
    database.pragma(`cipher='${cipher}'`);
    database.key(text);
  } finally {
    text.fill(0);
  }
}
