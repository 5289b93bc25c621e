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

/** What the open descriptors of a process point to. */
export function openDescriptors(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(`${folder}/${name}`)];
    } catch {
      return []; // closed meanwhile
    }
  });
}

/** How many sockets a process holds: the engine has one for each call or stream that is open. */
export const socketCount = (pid: number): number =>
  openDescriptors(pid).filter((target) => target.startsWith('socket:')).length;

/** Internet sockets of a process, of any state: lines of the kernel's tables whose socket the process holds. */
export function internetSockets(pid: number): string[] {
  const held = new Set(openDescriptors(pid).map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1]));
  return ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6'].flatMap((table) =>
    read(`/proc/${pid}/net/${table}`)
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[9] !== undefined && held.has(fields[9]))
      .map((fields) => `${table} ${fields[1]} → ${fields[2]}`),
  );
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
