/** Time counters of one processor, in any unit. */
export interface CpuTimes {
  readonly busy: number;
  readonly total: number;
}

/** `cpu` and `cpuN` lines of PROC/stat (proc(5)): all together first, then one a core. Waiting for disks is idle time. */
export function parseCpuTimes(
  text: string,
): { readonly all: CpuTimes; readonly cores: readonly CpuTimes[] } | null {
  let all: CpuTimes | null = null;
  const cores: CpuTimes[] = [];
  for (const line of text.split('\n')) {
    const match = /^cpu(\d*)\s+([\d ]+)$/.exec(line);
    if (!match) continue;
    // Guest time is inside user time already, so only the first eight count.
    const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, interrupt = 0, soft = 0, steal = 0] = match[2]!
      .trim()
      .split(/\s+/)
      .map(Number);
    const busy = user + nice + system + interrupt + soft + steal;
    const times = { busy, total: busy + idle + wait };
    if (match[1] === '') all = times;
    else cores.push(times);
  }
  return all && { all, cores };
}

/** Share of busy time between two readings, from 0 to 1; 0 when the counters did not move or went back. */
export function loadBetween(before: CpuTimes | undefined, after: CpuTimes): number {
  const total = after.total - (before?.total ?? after.total);
  return total <= 0 ? 0 : Math.min(1, Math.max(0, (after.busy - before!.busy) / total));
}
