/** The part of PROC/PID/stat that we need (proc(5)). */
export interface ProcessStat {
  readonly parent: number;
  /** When it started, in clock ticks since the system did: with its number this names one process for good. */
  readonly startTicks: number;
  readonly isKernelThread: boolean;
}

const PARENT = 1;
const FLAGS = 6;
const START_TICKS = 19;
/** `PF_KTHREAD` of include/linux/sched.h. */
const KERNEL_THREAD = 0x0020_0000;

/** Null for a text that is none. */
export function parseProcessStat(text: string): ProcessStat | null {
  // The name is in brackets and may hold anything, also brackets.
  const end = text.lastIndexOf(')');
  const fields = text
    .slice(end + 2)
    .split(' ')
    .map(Number);
  const parent = fields[PARENT];
  if (end < 0 || parent === undefined || !Number.isInteger(parent)) return null;
  return {
    parent,
    startTicks: fields[START_TICKS] ?? 0,
    isKernelThread: ((fields[FLAGS] ?? 0) & KERNEL_THREAD) !== 0,
  };
}
