import { readdirSync, readFileSync } from 'node:fs';

/** A process as Linux tells of it (proc(5), `/proc/PID/stat`). */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** When it started, in clock ticks since the system did: with its number this names one process for good. */
  readonly startTicks: number;
  /** User and system time so far, in clock ticks (a hundredth of a second on every Linux that we run on). */
  readonly cpuTicks: number;
  readonly residentBytes: number;
}

const PAGE_BYTES = 4096;
/** Fields of stat after the name, which may itself hold blanks and parentheses. */
const STATE = 0;
const PARENT = 1;
const GROUP = 2;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
const START_TICKS = 19;
const RESIDENT_PAGES = 21;

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
  const stat = readOrNull(`/proc/${pid}/stat`)?.toString('latin1');
  if (stat === undefined) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A process that has ended and waits for its parent runs no more.
  if (fields[STATE] === 'Z') return null;
  return {
    pid,
    parent: Number(fields[PARENT]),
    group: Number(fields[GROUP]),
    startTicks: Number(fields[START_TICKS]),
    cpuTicks: Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]),
    residentBytes: Number(fields[RESIDENT_PAGES]) * PAGE_BYTES,
  };
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
