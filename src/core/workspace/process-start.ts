import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** An opaque text that tells two processes of the same pid apart, or null where the platform gives none cheaply. */
export function processStartedAt(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command, in parentheses, may hold spaces; start time is field 22, the 20th after it (proc_pid_stat(5)).
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
    }
    if (process.platform === 'darwin') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
    }
    return null;
  } catch {
    // The process is gone or hidden from us; the caller decides by the pid alone.
    return null;
  }
}
