import { createPrivateKey, sign } from 'node:crypto';
import { FalajError } from '../../shared/errors.ts';
import { hashOfKey, keyHint } from './signing-keys.ts';
import {
  BUNDLE_MEDIA_TYPE,
  comparePaths,
  isContainedPath,
  PAYLOAD_TYPE,
  PREDICATE_TYPE,
  preAuthEncoding,
  rootDigest,
  STATEMENT_TYPE,
  USUAL_IGNORED_PATHS,
} from './statement.ts';

export interface DigestedFile {
  /** Relative POSIX path inside the model's folder. */
  readonly path: string;
  /** SHA-256 of its bytes, 64 hexadecimal digits. */
  readonly sha256: string;
}

export interface SignModelOptions {
  readonly folderName: string;
  readonly files: readonly DigestedFile[];
  /** PKCS #8 PEM of a P-256, P-384 or P-521 key. */
  readonly privateKeyPem: string;
}

/** Makes the text of `model.sig` (OpenSSF Model Signing 1.0). `digest` is the root over all files. */
export function signModel({ folderName, files, privateKeyPem }: SignModelOptions): {
  signature: string;
  digest: string;
} {
  const key = createPrivateKey(privateKeyPem);
  const hash = hashOfKey(key);
  if (hash === null) {
    throw new FalajError('BAD_INPUT', 'Models are signed with P-256, P-384 or P-521 keys.', {
      hint: 'Make an EC key.',
    });
  }
  const resources = [...files]
    .sort((a, b) => comparePaths(a.path, b.path))
    .map((file) => ({ name: file.path, algorithm: 'sha256', digest: file.sha256 }));
  const isSound = resources.every(
    ({ name, digest }) => isContainedPath(name) && /^[0-9a-f]{64}$/.test(digest),
  );
  if (
    resources.length === 0 ||
    !isSound ||
    new Set(resources.map(({ name }) => name)).size !== resources.length
  ) {
    throw new FalajError(
      'BAD_INPUT',
      'A model signature names one or more different files inside the model folder.',
    );
  }
  const digest = rootDigest(resources);
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: folderName, digest: { sha256: digest } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      serialization: {
        method: 'files',
        hash_type: 'sha256',
        allow_symlinks: false,
        ignore_paths: USUAL_IGNORED_PATHS,
      },
      resources,
    },
  };
  const payload = Buffer.from(JSON.stringify(statement), 'utf8');
  const signature = sign(hash, preAuthEncoding(payload), { key, dsaEncoding: 'der' });
  const bundle = {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: keyHint(key) }, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: signature.toString('base64'), keyid: '' }],
    },
  };
  return { signature: `${JSON.stringify(bundle)}\n`, digest };
}
