import { readdirSync, readFileSync } from 'node:fs';
import { type ProcessStat, parseProcessStat } from './process-stat.ts';

/** A process that runs, as Linux tells of it. */
export interface ProcessFacts extends ProcessStat {
  readonly pid: number;
}

/** All processes; none where the system has no /proc. */
export function listProcesses(): ProcessFacts[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    const facts = /^\d+$/.test(name) ? factsOf(Number(name)) : null;
    return facts === null ? [] : [facts];
  });
}

/** Null for a process that has ended, and where the system does not tell. */
export function factsOf(pid: number): ProcessFacts | null {
  const stat = parseProcessStat(readOrNull(`/proc/${pid}/stat`)?.toString('latin1') ?? '');
  return stat === null || stat.hasEnded ? null : { pid, ...stat };
}

/**
 * Processes in whose environment this was set when they started. Whoever a script started inherits it, also those that left
 * their group, their session and their parents; and no other process ever has it, so a number used again misleads nobody.
 */
export function processesMarked(variable: string, value: string): number[] {
  if (process.platform !== 'linux') return [];
  const wanted = Buffer.from(`\0${variable}=${value}\0`);
  return listProcesses().flatMap(({ pid }) => {
    const environment = readOrNull(`/proc/${pid}/environ`);
    if (environment === null) return [];
    return Buffer.concat([Buffer.from([0]), environment, Buffer.from([0])]).includes(wanted) ? [pid] : [];
  });
}

/** Null for a process that has just ended, or is somebody else's. */
function readOrNull(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}
