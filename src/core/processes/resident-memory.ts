import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

const PAGE_BYTES = 4096;

/** Resident bytes of another process, or null when they cannot be learned (it has ended, or the platform has no cheap way). */
export async function residentBytes(pid: number): Promise<number | null> {
  if (process.platform === 'linux') {
    const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => null);
    const pages = statm === null ? Number.NaN : Number(statm.split(' ')[1]);
    return Number.isFinite(pages) ? pages * PAGE_BYTES : null;
  }
  if (process.platform === 'darwin') {
    return new Promise((resolve) => {
      execFile('ps', ['-o', 'rss=', '-p', String(pid)], (error, stdout) => {
        const kibibytes = Number(stdout.trim());
        resolve(error || !Number.isFinite(kibibytes) || kibibytes === 0 ? null : kibibytes * 1024);
      });
    });
  }
  return null;
}
