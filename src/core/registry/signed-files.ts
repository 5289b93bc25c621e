import { createHash } from 'node:crypto';
import type { ModelVerification } from '../../shared/contract/types.ts';
import { FalajError, isFalajError } from '../../shared/errors.ts';
import { SIGNATURE_FILE, verifyModelSignature } from '../../trust/model-signature/index.ts';
import type { BlobStore } from '../store/index.ts';
import type { SigningKey } from './signing-key.ts';

type FileStatus = ModelVerification['files'][number]['status'];
type Trouble = Extract<FileStatus, 'damaged' | 'missing'>;

/** What the signature of a version says of its bytes as they lie on the disk now, and those bytes that were asked for. */
export interface SignedFiles {
  readonly kept: ReadonlyMap<string, Buffer>;
  readonly verification: ModelVerification;
}

export interface CheckSignedFiles {
  readonly blobs: BlobStore;
  readonly files: readonly { readonly path: string; readonly blob: string; readonly sizeBytes: number }[];
  /** Null before anything was signed here. */
  readonly key: SigningKey | null;
  /** The digest that the version was registered with. */
  readonly digest: string;
  /** Whose bytes the answer holds; of the others only a hash is taken, for they may be larger than memory. */
  readonly keep?: readonly string[];
  readonly work?: CheckWork;
}

/** Reading gigabytes takes a while: it can be followed and stopped. */
export interface CheckWork {
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number, path: string) => void;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Reads every file, hashes it anew and checks the signature over all of them. */
export async function checkSignedFiles(input: CheckSignedFiles): Promise<SignedFiles> {
  const { blobs, files, key, digest, work = {} } = input;
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let readBytes = 0;
  const wanted = new Set([...(input.keep ?? []), SIGNATURE_FILE]);
  const kept = new Map<string, Buffer>();
  const digests = new Map<string, string>();
  const troubles = new Map<string, Trouble>();
  for (const { path, blob } of files) {
    try {
      const hash = createHash('sha256');
      const chunks: Buffer[] = [];
      for await (const chunk of blobs.read(blob, work.signal ? { signal: work.signal } : {})) {
        hash.update(chunk);
        readBytes += chunk.length;
        work.onProgress?.(readBytes / totalBytes, path);
        if (wanted.has(path)) chunks.push(chunk);
      }
      digests.set(path, hash.digest('hex'));
      if (wanted.has(path)) kept.set(path, Buffer.concat(chunks));
    } catch (error) {
      troubles.set(path, troubleOf(error));
    }
  }
  const signature = kept.get(SIGNATURE_FILE);
  digests.delete(SIGNATURE_FILE);
  const checked =
    signature && key
      ? verifyModelSignature({
          signature: signature.toString('utf8'),
          files: [...digests].map(([path, fileDigest]) => ({ path, sha256: fileDigest })),
          publicKeyPem: key.publicKeyPem,
        })
      : null;
  const statuses = new Map<string, FileStatus>([...digests.keys()].map((path) => [path, 'ok']));
  for (const { path, status } of checked?.files ?? []) statuses.set(path, status);
  statuses.set(SIGNATURE_FILE, signature ? 'ok' : 'missing');
  for (const [path, trouble] of troubles) statuses.set(path, trouble);

  const verified = checked?.verified === true && checked.digest === digest && troubles.size === 0;
  return {
    kept,
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

/**
 * The bytes of one file, whose digest is known to be signed. The last of them are held back until all of them are proven:
 * nobody gets a whole file that is not as it was signed.
 */
export async function* readAsSigned(
  blobs: BlobStore,
  file: { readonly path: string; readonly blob: string; readonly digest: string },
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let held: Buffer | null = null;
  for await (const chunk of blobs.read(file.blob, signal ? { signal } : {})) {
    hash.update(chunk);
    if (held !== null) yield held;
    held = chunk;
  }
  if (hash.digest('hex') !== file.digest)
    throw new FalajError('SIGNATURE_INVALID', `${file.path} was changed after it was signed.`, {
      hint: 'Restore the workspace from a backup.',
    });
  if (held !== null) yield held;
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
