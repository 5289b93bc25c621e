import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

export interface ScreenFile {
  readonly file: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly etag: string;
  /** Its name carries a hash of its content: it never changes. */
  readonly immutable: boolean;
  readonly encoding: 'br' | 'gzip' | null;
}

/**
 * The file behind a decoded path, or null. Only regular files below the folder are found: the resolved and the real path must
 * both begin with the folder and a separator, for a bare prefix would let `renderer-other` through.
 */
export async function findScreenFile(
  folder: string,
  decodedPath: string,
  acceptEncoding: string,
): Promise<ScreenFile | null> {
  const file = path.resolve(folder, `.${decodedPath}`);
  const mediaType = MEDIA_TYPES[path.extname(file)];
  if (mediaType === undefined || !isBelow(folder, file)) return null;
  const plain = await factsOf(folder, file);
  if (plain === null) return null;
  for (const [encoding, suffix] of [
    ['br', '.br'],
    ['gzip', '.gz'],
  ] as const) {
    if (!accepts(acceptEncoding, encoding)) continue;
    const packed = await factsOf(folder, file + suffix);
    if (packed !== null) return { ...packed, mediaType, encoding, immutable: isHashed(file) };
  }
  return { ...plain, mediaType, encoding: null, immutable: isHashed(file) };
}

async function factsOf(
  folder: string,
  file: string,
): Promise<Pick<ScreenFile, 'file' | 'sizeBytes' | 'etag'> | null> {
  try {
    const stats = await stat(file);
    if (!stats.isFile() || !isBelow(await realpath(folder), await realpath(file))) return null;
    return {
      file,
      sizeBytes: stats.size,
      etag: `"${stats.size.toString(36)}-${Math.trunc(stats.mtimeMs).toString(36)}"`,
    };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return null;
    throw error;
  }
}

const isBelow = (folder: string, file: string): boolean => file.startsWith(folder + path.sep);

/** The screens' build puts a hash of at least eight characters before the extension of what lies in `assets`. */
const isHashed = (file: string): boolean => /[\\/]assets[\\/].*-[\w-]{8,}\.\w+$/.test(file);

const accepts = (header: string, encoding: string): boolean =>
  header.split(',').some((part) => {
    const [name, ...parameters] = part.trim().split(';');
    return name === encoding && !parameters.some((parameter) => /^\s*q=0(?:\.0*)?$/.test(parameter));
  });
