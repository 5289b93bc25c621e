import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // the process ended meanwhile
  }
};

/** Every process below `root`, and `root`. Linux only. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const parent = Number(/^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const walk = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(walk)];
  return walk(root);
}

export const commandLine = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();

export const statusField = (pid: number, field: string): string | undefined =>
  new RegExp(`^${field}:\\s+(.+)$`, 'm').exec(read(`/proc/${pid}/status`))?.[1];

/** Proportional set size in bytes: shared pages are counted once over all processes. */
export const proportionalBytes = (pid: number): number =>
  Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;

/** Native Node modules that a process has mapped. */
export const loadedNativeModules = (pid: number): string[] => [
  ...new Set([...read(`/proc/${pid}/maps`).matchAll(/(\/\S+\.node)$/gm)].map((match) => match[1]!)),
];

/** How many sockets a process holds: the engine has one for each call or stream that is open. */
export function socketCount(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((name) => {
    try {
      return readlinkSync(`${folder}/${name}`).startsWith('socket:');
    } catch {
      return false; // closed meanwhile
    }
  }).length;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return statusField(pid, 'State')?.startsWith('Z') !== true;
  } catch {
    return false;
  }
}

export async function ended(pid: number, withinMs: number): Promise<boolean> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; ) {
    if (!isAlive(pid)) return true;
    await new Promise((done) => setTimeout(done, 25));
  }
  return !isAlive(pid);
}
