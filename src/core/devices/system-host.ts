import { statfs } from 'node:fs/promises';
import { arch, availableParallelism, cpus, freemem, totalmem } from 'node:os';
import type { HostFacts } from './surroundings.ts';

/** The machine that runs this process, as Node sees it. */
export const systemHost: HostFacts = {
  architecture: arch(),
  processId: process.pid,
  availableParallelism,
  cpus: () =>
    cpus().map(({ model, times }) => ({
      model,
      busyMs: times.user + times.nice + times.sys + times.irq,
      idleMs: times.idle,
    })),
  totalMemoryBytes: totalmem,
  freeMemoryBytes: freemem,
  residentBytes: () => process.memoryUsage.rss(),
  diskFreeBytes: async (folder) => {
    try {
      const facts = await statfs(folder);
      return facts.bavail * facts.bsize;
    } catch {
      return null;
    }
  },
};
