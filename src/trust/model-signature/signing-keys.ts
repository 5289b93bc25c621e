import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** Elliptic curves of the specification, each with the hash it is used with. Ed25519 is not among them. */
const HASH_OF_CURVE: Readonly<Record<string, string>> = {
  prime256v1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
};

/** The hash to sign or verify with, or null when the key is of a kind that model signatures do not allow. */
export const hashOfKey = (key: KeyObject): string | null =>
  key.asymmetricKeyType === 'ec' ? (HASH_OF_CURVE[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? null) : null;

/** SHA-256 of the PEM text of the public key, as the bundle's hint names it. */
export function keyHint(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'pem' }))
    .digest('hex');
}
