import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';

/**
 * A document with its signature inside, so that a person can read it and a program check it. Signed is the DSSE
 * pre-authentication encoding of the payload type and of the document's canonical JSON (RFC 8785) without `signature`:
 * ECDSA on P-256 with SHA-256, DER.
 */
export interface JsonSignature {
  readonly payloadType: string;
  readonly algorithm: 'ecdsa-p256-sha256';
  /** SHA-256 of the public key's PEM text. */
  readonly keyId: string;
  /** Base64. */
  readonly value: string;
}

export function signJson<Body extends object>(
  body: Body,
  payloadType: string,
  key: { readonly privateKeyPem: string; readonly keyId: string },
): Body & { readonly signature: JsonSignature } {
  const value = sign('sha256', signedBytes(body, payloadType), {
    key: createPrivateKey(key.privateKeyPem),
    dsaEncoding: 'der',
  });
  const signature: JsonSignature = {
    payloadType,
    algorithm: 'ecdsa-p256-sha256',
    keyId: key.keyId,
    value: value.toString('base64'),
  };
  return { ...body, signature };
}

/** Whether the document is as the holder of the key signed it, as this type of document. */
export function verifyJson(
  { signature, ...body }: { readonly signature: JsonSignature },
  payloadType: string,
  publicKeyPem: string,
): boolean {
  return (
    signature.payloadType === payloadType &&
    verify(
      'sha256',
      signedBytes(body, payloadType),
      { key: createPublicKey(publicKeyPem), dsaEncoding: 'der' },
      Buffer.from(signature.value, 'base64'),
    )
  );
}

function signedBytes(body: object, payloadType: string): Buffer {
  const payload = Buffer.from(canonicalJson(body), 'utf8');
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `),
    payload,
  ]);
}
