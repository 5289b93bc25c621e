import type { ModelVerification } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { SIGNATURE_FILE, verifyModelSignature } from '../../trust/model-signature/index.ts';
import type { AuditLog } from '../audit/index.ts';
import type { BlobStore, Store } from '../store/index.ts';
import type { ModelTable, VersionRow } from './model-table.ts';
import { type CheckWork, checkSignedFiles, readAsSigned, type SignedFiles } from './signed-files.ts';
import type { SigningKeyStore } from './signing-key.ts';
import type { KeptFile } from './version-writer.ts';

type VersionName = Pick<VersionRow, 'model' | 'version' | 'digest'>;

/** The files of versions, never handed out but as they were signed. */
export class VersionFiles {
  readonly #store: Store;
  readonly #blobs: BlobStore;
  readonly #audit: AuditLog;
  readonly #table: ModelTable;
  readonly #keys: SigningKeyStore;

  constructor(parts: {
    store: Store;
    blobs: BlobStore;
    audit: AuditLog;
    table: ModelTable;
    keys: SigningKeyStore;
  }) {
    this.#store = parts.store;
    this.#blobs = parts.blobs;
    this.#audit = parts.audit;
    this.#table = parts.table;
    this.#keys = parts.keys;
  }

  /** Reads all of the version's bytes anew; the answer holds those of `keep`. */
  check(row: VersionName, keep: readonly string[] = [], work: CheckWork = {}): Promise<SignedFiles> {
    return checkSignedFiles({
      blobs: this.#blobs,
      files: this.all(row),
      key: this.#keys.publicKey(),
      digest: row.digest,
      keep,
      work,
    });
  }

  /** Every file, the signature among them. */
  all(row: VersionName): KeptFile[] {
    return this.#table.files(row).map((file) => ({
      path: file.path,
      blob: file.blob_id,
      digest: file.digest,
      sizeBytes: file.size_bytes,
    }));
  }

  /** What the signature is over. */
  signed(row: VersionName): KeptFile[] {
    return this.all(row).filter(({ path }) => path !== SIGNATURE_FILE);
  }

  /** All files with the signature, by path. Throws NOT_FOUND when there is no such version. */
  list(name: string, version: number): { path: string; sizeBytes: number }[] {
    return this.#table
      .files(this.#table.version(name, version))
      .map((file) => ({ path: file.path, sizeBytes: file.size_bytes }));
  }

  /**
   * One file of a version, for whoever fetches it piece by piece: the signature is checked against the recorded digests now
   * and the bytes against theirs while they are read. What leaves is on record before it does.
   */
  async open(
    name: string,
    version: number,
    path: string,
  ): Promise<{ sizeBytes: number; read(signal?: AbortSignal): AsyncIterable<Buffer> }> {
    const row = this.#table.version(name, version);
    const file = this.all(row).find((each) => each.path === path);
    if (file === undefined)
      throw new FalajError('NOT_FOUND', `${name}:${version} has no file ${path}.`, {
        hint: `See \`falaj models show ${name}:${version}\`.`,
      });
    await this.requireSignature(row);
    this.#store.transaction(() =>
      this.#audit.append({
        action: 'model.download',
        object: `model/${name}:${version}`,
        details: { path, digest: file.digest },
      }),
    );
    return { sizeBytes: file.sizeBytes, read: (signal) => readAsSigned(this.#blobs, file, signal) };
  }

  /** Checks a version's signature against the recorded digests, without reading its files; throws SIGNATURE_INVALID. */
  async requireSignature(row: VersionName): Promise<void> {
    const key = this.#keys.publicKey();
    const files = this.all(row);
    const signature = files.find(({ path }) => path === SIGNATURE_FILE);
    const check =
      key && signature
        ? verifyModelSignature({
            signature: (await this.#blobs.readAll(signature.blob)).toString('utf8'),
            files: this.signed(row).map(({ path, digest }) => ({ path, sha256: digest })),
            publicKeyPem: key.publicKeyPem,
          })
        : null;
    if (check?.verified === true && check.digest === row.digest) return;
    throw this.invalid(row, {
      reason: check?.reason ?? 'There is no signature, or no key to check it with.',
      files: check?.files ?? [],
    });
  }

  invalid(
    row: VersionName,
    {
      reason,
      files,
    }: { readonly reason: string; readonly files: readonly ModelVerification['files'][number][] },
  ): FalajError {
    return new FalajError(
      'SIGNATURE_INVALID',
      `${row.model}:${row.version} is not as it was signed: ${reason}`,
      {
        hint: 'Restore the workspace from a backup, or train the model again.',
        details: { files: files.filter((file) => file.status !== 'ok').map((file) => file.path) },
      },
    );
  }
}
