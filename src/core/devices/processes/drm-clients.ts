import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { parseProcessStat } from '../../processes/index.ts';
import { listNames, readText } from '../fact-files.ts';
import { type DrmUsage, parseDrmUsage } from './drm-usage.ts';

/** Processes that are looked at together: a server may have ten thousand. */
const AT_ONCE = 16;

/** A process that has a graphics device open. */
export interface DrmProcess {
  readonly pid: number;
  readonly clients: readonly DrmUsage[];
}

export interface DrmScan {
  readonly processes: readonly DrmProcess[];
  /** Processes, mostly of other people, whose files may not be read. */
  readonly hidden: number;
}

/** The open files of a process that are graphics devices. A number whose target cannot be told is looked into. */
async function graphicsFiles(folder: string): Promise<readonly string[] | null> {
  const numbers = await listNames(join(folder, 'fdinfo'));
  if (numbers === null) return null;
  const wanted = await Promise.all(
    numbers.map(async (number) => {
      const target = await readlink(join(folder, 'fd', number)).catch(() => null);
      return target === null || target.includes('/dri/') ? [number] : [];
    }),
  );
  return wanted.flat();
}

async function readProcess(procRoot: string, pid: number): Promise<DrmProcess | 'hidden'> {
  const folder = join(procRoot, String(pid));
  const numbers = await graphicsFiles(folder);
  if (numbers === null) {
    // Threads of the kernel use no device through files, and what has ended hides nothing.
    const stat = parseProcessStat((await readText(join(folder, 'stat'))) ?? '');
    return stat === null || stat.isKernelThread ? { pid, clients: [] } : 'hidden';
  }
  const texts = await Promise.all(numbers.map((number) => readText(join(folder, 'fdinfo', number))));
  // One client under several numbers is counted once.
  const clients = new Map<string, DrmUsage>();
  for (const text of texts) {
    const usage = text === null ? null : parseDrmUsage(text);
    if (usage !== null) clients.set(`${usage.pciAddress} ${usage.client}`, usage);
  }
  return { pid, clients: [...clients.values()] };
}

/** Every process that uses a graphics device, as far as this user may see. */
export async function scanDrmClients(procRoot: string): Promise<DrmScan> {
  const pids = ((await listNames(procRoot)) ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
  const processes: DrmProcess[] = [];
  let hidden = 0;
  for (let start = 0; start < pids.length; start += AT_ONCE) {
    const read = await Promise.all(
      pids.slice(start, start + AT_ONCE).map((pid) => readProcess(procRoot, pid)),
    );
    for (const process of read) {
      if (process === 'hidden') hidden++;
      else if (process.clients.length > 0) processes.push(process);
    }
  }
  return { processes, hidden };
}
