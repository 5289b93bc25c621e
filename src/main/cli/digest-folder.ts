import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FalajError } from '../../shared/errors.ts';
import { type DigestedFile, USUAL_IGNORED_PATHS } from '../../trust/model-signature/index.ts';

/**
 * SHA-256 of every file below a folder, but for what a signature leaves out. Symbolic links and special files are refused:
 * a signature vouches for bytes, and theirs can change behind it.
 */
export async function digestFolder(
  folder: string,
  options: { readonly signatureFile: string; readonly signal: AbortSignal },
): Promise<DigestedFile[]> {
  const files: DigestedFile[] = [];
  const visit = async (below: string): Promise<void> => {
    for (const entry of await readFolder(path.join(folder, below))) {
      const relative = below === '' ? entry : `${below}/${entry}`;
      const file = path.join(folder, relative);
      if ((USUAL_IGNORED_PATHS as readonly string[]).includes(relative) || file === options.signatureFile)
        continue;
      const stats = await lstat(file);
      if (stats.isDirectory()) await visit(relative);
      else if (stats.isFile()) files.push({ path: relative, sha256: await digestFile(file, options.signal) });
      else {
        throw new FalajError('UNSUPPORTED_FORMAT', `${file} is not a plain file.`, {
          hint: 'A signature covers files and folders only: replace links by what they point at.',
          details: { file },
        });
      }
    }
  };
  await visit('');
  if (files.length > 0) return files;
  throw new FalajError('FILE_NOT_FOUND', `${folder} holds no files.`, { details: { folder } });
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new FalajError(
      missing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE',
      `${folder} is not a folder that can be read.`,
      {
        details: { folder },
        cause: error,
      },
    );
  }
}

async function digestFile(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}
