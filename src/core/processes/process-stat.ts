/** What `/proc/PID/stat` tells of a process (proc(5)), as far as we need it. */
export interface ProcessStat {
  readonly parent: number;
  readonly group: number;
  /** When it started, in clock ticks since the system did: with its number this names one process for good. */
  readonly startTicks: number;
  /** User and system time so far, in clock ticks (a hundredth of a second on every Linux that we run on). */
  readonly cpuTicks: number;
  readonly residentBytes: number;
  /** It has ended and waits for its parent. */
  readonly hasEnded: boolean;
  readonly isKernelThread: boolean;
}

const PAGE_BYTES = 4096;
/** Fields after the name. */
const STATE = 0;
const PARENT = 1;
const GROUP = 2;
const FLAGS = 6;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
const START_TICKS = 19;
const RESIDENT_PAGES = 21;
/** `PF_KTHREAD` of include/linux/sched.h. */
const KERNEL_THREAD = 0x0020_0000;

/** Null for a text that is none. */
export function parseProcessStat(text: string): ProcessStat | null {
  // The name is in brackets and may hold anything, also blanks and brackets.
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  const number = (place: number): number => Number(fields[place] ?? 0);
  if (end < 0 || fields[PARENT] === undefined || !Number.isInteger(number(PARENT))) return null;
  return {
    parent: number(PARENT),
    group: number(GROUP),
    startTicks: number(START_TICKS),
    cpuTicks: number(USER_TICKS) + number(SYSTEM_TICKS),
    residentBytes: number(RESIDENT_PAGES) * PAGE_BYTES,
    hasEnded: fields[STATE] === 'Z',
    isKernelThread: (number(FLAGS) & KERNEL_THREAD) !== 0,
  };
}
