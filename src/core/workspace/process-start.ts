import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * An opaque text that tells two processes of the same pid apart, or null where the platform gives none cheaply. A process
 * that has ended but was not waited for by its parent, as in containers whose first process is not an init, is no longer itself.
 */
export function processStartedAt(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command, in parentheses, may hold spaces; state and start time are fields 1 and 20 after it (proc_pid_stat(5)).
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : (fields[19] ?? null);
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
