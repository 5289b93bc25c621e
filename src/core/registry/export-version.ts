import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AuditLog } from '../audit/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { BlobStore, Store } from '../store/index.ts';
import { exportFolder } from './export-folder.ts';
import type { VersionRow } from './model-table.ts';
import { readAsSigned } from './signed-files.ts';
import type { SigningKey } from './signing-key.ts';
import type { VersionFiles } from './version-files.ts';

/** Writes a version's files and its signature to a new folder, and the public key beside it. */
export async function exportVersion(
  parts: {
    readonly store: Store;
    readonly blobs: BlobStore;
    readonly audit: AuditLog;
    readonly files: VersionFiles;
    readonly key: SigningKey | null;
  },
  { signal }: Pick<JobContext, 'signal'>,
  row: VersionRow,
  dir: string,
): Promise<{ dir: string; files: string[]; publicKey: string }> {
  const { store, blobs, audit, key } = parts;
  const { verification } = await parts.files.check(row);
  if (!verification.verified || !key) throw parts.files.invalid(row, verification);
  const folder = path.resolve(dir);
  // What leaves in the clear is on record before it leaves.
  store.transaction(() =>
    audit.append({
      action: 'model.export',
      object: `model/${row.model}:${row.version}`,
      details: { digest: row.digest, folder },
    }),
  );
  const files = parts.files.all(row);
  await exportFolder(
    folder,
    files.map((file) => ({ path: file.path, bytes: readAsSigned(blobs, file, signal) })),
    signal,
  );
  const publicKey = `${folder}.pub.pem`;
  await writeFile(publicKey, key.publicKeyPem);
  return { dir: folder, files: files.map((file) => file.path).sort(), publicKey };
}
