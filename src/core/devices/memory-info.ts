import { join } from 'node:path';
import type { MemoryInfo } from '../../shared/contract/types.ts';
import { readCgroupLimits } from './cgroup.ts';
import { readText } from './fact-files.ts';
import type { Surroundings } from './surroundings.ts';

/** MemTotal and MemAvailable of PROC/meminfo in bytes; kernels before 3.14 have no MemAvailable, there free + caches stand in. */
export function parseMemInfo(text: string): { totalBytes: number; availableBytes: number } | null {
  const value = (key: string): number | null => {
    const match = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(text);
    return match ? Number(match[1]) * 1024 : null;
  };
  const totalBytes = value('MemTotal');
  if (totalBytes === null) return null;
  const rest = (value('MemFree') ?? 0) + (value('Cached') ?? 0) + (value('Buffers') ?? 0);
  return { totalBytes, availableBytes: Math.min(totalBytes, value('MemAvailable') ?? rest) };
}

/** Memory of the machine, and what a control group leaves of it. */
export async function readMemoryInfo(around: Surroundings): Promise<MemoryInfo> {
  const { host, sysRoot, procRoot } = around;
  const onLinux = around.platform === 'linux';
  const file = onLinux ? parseMemInfo((await readText(join(procRoot, 'meminfo'))) ?? '') : null;
  const { totalBytes, availableBytes } = file ?? {
    totalBytes: host.totalMemoryBytes(),
    availableBytes: host.freeMemoryBytes(),
  };
  const cgroup = onLinux ? await readCgroupLimits(sysRoot, procRoot) : null;
  const limit = cgroup?.memoryLimitBytes ?? null;
  if (limit === null || limit >= totalBytes) return { totalBytes, availableBytes, cgroupLimitBytes: null };
  return {
    totalBytes,
    availableBytes: Math.max(0, Math.min(availableBytes, limit - (cgroup?.memoryUsedBytes ?? 0))),
    cgroupLimitBytes: limit,
  };
}
