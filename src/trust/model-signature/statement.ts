import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Names and values of OpenSSF Model Signing 1.0 and the in-toto and DSSE documents it builds on. */
export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'https://model_signing/signature/v1.0';
export const SIGNATURE_FILE = 'model.sig';

/** What a signer may leave out without anyone asking: the signature itself and the traces of version control. */
export const USUAL_IGNORED_PATHS = [
  SIGNATURE_FILE,
  '.git',
  '.gitattributes',
  '.github',
  '.gitignore',
] as const;

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

const resourceSchema = z.object({
  name: z.string(),
  algorithm: z.literal('sha256'),
  digest: sha256Hex,
});
export type SignedResource = z.infer<typeof resourceSchema>;

export const statementSchema = z.object({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: sha256Hex }) })).length(1),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: z.object({
    serialization: z.object({
      method: z.literal('files'),
      hash_type: z.literal('sha256'),
      allow_symlinks: z.literal(false),
      ignore_paths: z.array(z.string()).default([]),
    }),
    resources: z.array(resourceSchema).min(1).max(100_000),
  }),
});

export const bundleSchema = z.object({
  mediaType: z.literal(BUNDLE_MEDIA_TYPE),
  verificationMaterial: z.object({
    publicKey: z
      .object({
        hint: z.string().optional(),
        rawBytes: z.string().optional(),
        keyDetails: z.string().optional(),
      })
      .optional(),
    x509CertificateChain: z.unknown().optional(),
    certificate: z.unknown().optional(),
    tlogEntries: z.array(z.unknown()).max(0),
  }),
  dsseEnvelope: z.object({
    payload: z.string(),
    payloadType: z.literal(PAYLOAD_TYPE),
    signatures: z.array(z.object({ sig: z.string(), keyid: z.string().default('') })).length(1),
  }),
});

/** DSSE pre-authentication encoding: what is signed. */
export const preAuthEncoding = (payload: Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(PAYLOAD_TYPE)} ${PAYLOAD_TYPE} ${payload.length} `),
    payload,
  ]);

/** SHA-256 over the raw digests in the order listed; hexadecimal. */
export function rootDigest(resources: readonly { readonly digest: string }[]): string {
  const hash = createHash('sha256');
  for (const { digest } of resources) hash.update(Buffer.from(digest, 'hex'));
  return hash.digest('hex');
}

/** A relative POSIX path that stays inside its folder. */
export const isContainedPath = (path: string): boolean =>
  path.length > 0 &&
  !/[\\\0]/.test(path) &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

/** The reference signer's order: component by component, by code points (`a/z` before `a-b` before `a.txt`). */
export function comparePaths(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    // The order of UTF-8 bytes is the order of code points; that of JavaScript strings is not.
    const order = Buffer.compare(Buffer.from(left[i]!), Buffer.from(right[i]!));
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
