import { createHash } from 'node:crypto';
import type { ModelVerification } from '../../shared/contract/types.ts';
import { isFalajError } from '../../shared/errors.ts';
import { SIGNATURE_FILE, verifyModelSignature } from '../../trust/model-signature/index.ts';
import type { BlobStore } from '../store/index.ts';
import type { SigningKey } from './signing-key.ts';

type FileStatus = ModelVerification['files'][number]['status'];
type Trouble = Extract<FileStatus, 'damaged' | 'missing'>;

/** A version's bytes as they lie on the disk now, and what its signature says of them. */
export interface SignedFiles {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly verification: ModelVerification;
}

export interface ReadSignedFiles {
  readonly blobs: BlobStore;
  readonly files: readonly { readonly path: string; readonly blob: string }[];
  /** Null before anything was signed here. */
  readonly key: SigningKey | null;
  /** The digest that the version was registered with. */
  readonly digest: string;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Reads every file, hashes it anew and checks the signature over all of them. */
export async function readSignedFiles({ blobs, files, key, digest }: ReadSignedFiles): Promise<SignedFiles> {
  const read = new Map<string, Buffer>();
  const troubles = new Map<string, Trouble>();
  for (const { path, blob } of files) {
    try {
      read.set(path, await blobs.readAll(blob));
    } catch (error) {
      troubles.set(path, troubleOf(error));
    }
  }
  const signature = read.get(SIGNATURE_FILE);
  const signed = [...read].filter(([path]) => path !== SIGNATURE_FILE);
  const checked =
    signature && key
      ? verifyModelSignature({
          signature: signature.toString('utf8'),
          files: signed.map(([path, bytes]) => ({ path, sha256: sha256(bytes) })),
          publicKeyPem: key.publicKeyPem,
        })
      : null;
  const statuses = new Map<string, FileStatus>(signed.map(([path]) => [path, 'ok']));
  for (const { path, status } of checked?.files ?? []) statuses.set(path, status);
  statuses.set(SIGNATURE_FILE, signature ? 'ok' : 'missing');
  for (const [path, trouble] of troubles) statuses.set(path, trouble);

  const verified = checked?.verified === true && checked.digest === digest && troubles.size === 0;
  return {
    files: read,
    verification: {
      verified,
      digest,
      keyId: key?.keyId ?? null,
      files: [...statuses]
        .map(([path, status]) => ({ path, status }))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
      reason: verified ? 'Every file is as this workspace signed it.' : reasonFor(troubles, checked, digest),
    },
  };
}

/** Damage is an answer here; anything else is an error. */
function troubleOf(error: unknown): Trouble {
  if (isFalajError(error) && error.code === 'BLOB_DAMAGED') return 'damaged';
  if (isFalajError(error) && error.code === 'BLOB_MISSING') return 'missing';
  throw error;
}

function reasonFor(
  troubles: ReadonlyMap<string, Trouble>,
  checked: { verified: boolean; reason: string } | null,
  digest: string,
): string {
  const [first] = troubles;
  if (first) return `${first[0]} is ${first[1]} on the disk.`;
  if (checked === null) return 'There is no signature, or no key to check it with.';
  return checked.verified ? `The signed digest is not ${digest}.` : checked.reason;
}
