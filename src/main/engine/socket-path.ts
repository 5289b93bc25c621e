import { createHash } from 'node:crypto';
import { lstatSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeFolders } from '../../core/locations/index.ts';
import { FalajError } from '../../shared/errors.ts';

/** sockaddr_un holds 104 bytes on macOS and the BSDs, 108 on Linux, each with the closing zero. */
const SOCKET_PATH_LIMIT_BYTES = 103;

export interface SocketSurroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** This user's number; null on Windows. */
  readonly userId: number | null;
  readonly temporaryFolder: string;
}

export const ownSurroundings = (): SocketSurroundings => ({
  platform: process.platform,
  environment: process.env,
  userId: process.getuid?.() ?? null,
  temporaryFolder: os.tmpdir(),
});

/**
 * Where the engine of a workspace listens: a short per-user folder, because a socket's path is limited and a workspace may
 * lie deep. One name per workspace, so that a second engine meets the first.
 */
export function socketPathOf(workspace: string, around: SocketSurroundings): string {
  const name = createHash('sha256').update(canonical(workspace)).digest('hex').slice(0, 16);
  if (around.platform === 'win32')
    return `\\\\.\\pipe\\falaj-${around.environment['USERNAME'] ?? 'user'}-${name}`;
  const folders = [around.environment['XDG_RUNTIME_DIR'], around.temporaryFolder, '/tmp'];
  for (const folder of folders) {
    if (folder === undefined || folder === '') continue;
    const own = folder === around.environment['XDG_RUNTIME_DIR'] ? 'falaj' : `falaj-${around.userId}`;
    const candidate = path.join(folder, own, `${name}.sock`);
    if (Buffer.byteLength(candidate) <= SOCKET_PATH_LIMIT_BYTES) return candidate;
  }
  throw new FalajError('ENGINE_FAILED_TO_START', 'The folder for the engine’s socket has too long a path.', {
    hint: 'Set XDG_RUNTIME_DIR to a short folder of your own.',
  });
}

/** Makes the socket's folder, or refuses one that others could reach into: the socket's mode alone is not enough everywhere. */
export function ensurePrivateFolder(folder: string, userId: number | null): void {
  makeFolders(folder);
  if (userId === null) return;
  const stats = lstatSync(folder);
  if (stats.isDirectory() && stats.uid === userId && (stats.mode & 0o077) === 0) return;
  throw new FalajError(
    'FORBIDDEN',
    `${folder} must be a folder of yours that nobody else can open (mode 0700).`,
    {
      hint: `Remove it, or run: chmod 700 ${folder}`,
    },
  );
}

function canonical(workspace: string): string {
  try {
    return realpathSync.native(workspace);
  } catch {
    return path.resolve(workspace); // it does not exist yet
  }
}
