import { readdir, readFile } from 'node:fs/promises';
import { residentBytes } from '../processes/index.ts';

const INTERVAL_MS = 200;

export interface PeakMemory {
  /** The highest resident memory of this process since it began, plus the most that its children held at one time. */
  stop(): Promise<number>;
}

/** Watches what this process and its children hold. Where children cannot be seen, they are not counted. */
export function watchPeakMemory(): PeakMemory {
  let peakOfChildren = 0;
  const look = async (): Promise<void> => {
    const sizes = await Promise.all((await childPids()).map(residentBytes));
    peakOfChildren = Math.max(
      peakOfChildren,
      sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    );
  };
  const timer = setInterval(() => void look(), INTERVAL_MS);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await look();
      return process.resourceUsage().maxRSS * 1024 + peakOfChildren;
    },
  };
}

/** Linux keeps the children of every thread in a file; elsewhere the list is empty. */
async function childPids(): Promise<number[]> {
  const tasks = await readdir('/proc/self/task').catch(() => []);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/self/task/${task}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}
