import { createHash, randomBytes } from 'node:crypto';
import { FalajError } from '../../shared/errors.ts';

/** Crockford's base32: no I, L, O, U, so that a written key can be read back. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RECOVERY_KEY_BYTES = 20;
const KEY_SYMBOLS = 32;
const CHECK_SYMBOLS = 3;
const GROUP_SYMBOLS = 5;

export const newRecoveryKey = (): Buffer => randomBytes(RECOVERY_KEY_BYTES);

/**
 * 160 bits as 32 symbols and 3 check symbols (15 bits of SHA-256), in 7 groups of five. A typing slip goes unnoticed
 * once in 32,768 times, and then only opens nothing.
 */
export function formatRecoveryKey(key: Uint8Array): string {
  const symbols = encode(key, KEY_SYMBOLS) + checkSymbols(key);
  return symbols.match(new RegExp(`.{${GROUP_SYMBOLS}}`, 'g'))!.join('-');
}

/** Reads a key as people type it: any case, any spacing, O for 0, I and L for 1. */
export function parseRecoveryKey(text: string): Buffer {
  const symbols = text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  const values = [...symbols].map((symbol) => ALPHABET.indexOf(symbol));
  if (values.length !== KEY_SYMBOLS + CHECK_SYMBOLS || values.includes(-1)) throw misspelt();
  const key = Buffer.alloc(RECOVERY_KEY_BYTES);
  let bits = 0;
  let pending = 0;
  let filled = 0;
  for (const value of values.slice(0, KEY_SYMBOLS)) {
    pending = (pending << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      key[filled++] = (pending >> bits) & 255;
      pending &= (1 << bits) - 1;
    }
  }
  if (checkSymbols(key) !== symbols.slice(KEY_SYMBOLS)) {
    key.fill(0);
    throw misspelt();
  }
  return key;
}

const checkSymbols = (key: Uint8Array): string =>
  encode(createHash('sha256').update('falaj/v1/recovery-check\0').update(key).digest(), CHECK_SYMBOLS);

function encode(bytes: Uint8Array, symbols: number): string {
  let text = '';
  for (let symbol = 0; symbol < symbols; symbol++) {
    const bit = symbol * 5;
    const pair = (bytes[bit >> 3]! << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += ALPHABET[(pair >> (11 - (bit & 7))) & 31];
  }
  return text;
}

const misspelt = (): FalajError =>
  new FalajError('BAD_INPUT', 'This is not a complete recovery key.', {
    hint: 'It has 7 groups of 5 letters and digits. Compare it with the printed page, group by group.',
  });
