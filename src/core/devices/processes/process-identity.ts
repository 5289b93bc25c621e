import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { JOB_VARIABLE, type ProcessStat, parseProcessStat } from '../../processes/index.ts';
import { readText } from '../fact-files.ts';
import type { Surroundings } from '../surroundings.ts';

/** Who a process is. */
export interface ProcessIdentity {
  readonly name: string | null;
  readonly user: string | null;
  readonly own: boolean;
  readonly job: string | null;
}

/** Deep enough for a notebook's kernel under a shell under a script. */
const MOST_PARENTS = 16;
/** Command and environment lie in the memory of the process: one that hangs in a driver may keep its reader waiting. */
const PATIENCE_MS = 500;

/** Names of users by their numbers (passwd(5)). */
export function parsePasswd(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const [name, , number] = line.split(':');
      return name && number !== undefined && /^\d+$/.test(number) ? [[number, name]] : [];
    }),
  );
}

/** The value of a variable in a PROC/PID/environ file. */
export const variableIn = (environment: string, name: string): string | null =>
  environment
    .split('\0')
    .find((entry) => entry.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? null;

/** Tells who processes are. Each is read once in its life, so that one that hangs holds up one read at most. */
export class ProcessIdentities {
  readonly #around: Surroundings;
  #known = new Map<string, Promise<ProcessIdentity>>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** By number; what is not asked for any more is forgotten. */
  async of(pids: Iterable<number>): Promise<ReadonlyMap<number, ProcessIdentity>> {
    const users = parsePasswd((await readText(this.#around.passwdFile)) ?? '');
    const known = new Map<string, Promise<ProcessIdentity>>();
    const found = await Promise.all(
      [...new Set(pids)].map(async (pid): Promise<[number, ProcessIdentity]> => {
        const key = `${pid} ${(await this.#stat(pid))?.startTicks ?? ''}`;
        const identity = this.#known.get(key) ?? this.#read(pid, users);
        known.set(key, identity);
        return [pid, await identity];
      }),
    );
    this.#known = known;
    return new Map(found);
  }

  /** Of other people's processes less can be read. Arguments may hold secrets and are left out. */
  async #read(pid: number, users: ReadonlyMap<string, string>): Promise<ProcessIdentity> {
    const [command, status, environment, isChild] = await Promise.all([
      patiently(this.#file(pid, 'cmdline')),
      this.#file(pid, 'status'),
      patiently(this.#file(pid, 'environ')),
      this.#hasEngineAbove(pid),
    ]);
    const number = /^Uid:\s+(\d+)/m.exec(status ?? '')?.[1];
    const job = variableIn(environment ?? '', JOB_VARIABLE);
    const program = command?.split('\0')[0];
    return {
      name: (program ? basename(program) : null) ?? /^Name:\s+(.+)$/m.exec(status ?? '')?.[1] ?? null,
      user: number === undefined ? null : (users.get(number) ?? number),
      own: isChild || job !== null,
      job,
    };
  }

  /** True when a process was started by the engine: one of its parents is this process. */
  async #hasEngineAbove(pid: number): Promise<boolean> {
    let current = pid;
    for (let depth = 0; depth < MOST_PARENTS && current > 1; depth++) {
      if (current === this.#around.host.processId) return true;
      current = (await this.#stat(current))?.parent ?? 0;
    }
    return false;
  }

  async #stat(pid: number): Promise<ProcessStat | null> {
    return parseProcessStat((await this.#file(pid, 'stat')) ?? '');
  }

  #file(pid: number, name: string): Promise<string | null> {
    return readText(join(this.#around.procRoot, String(pid), name));
  }
}

const patiently = (reading: Promise<string | null>): Promise<string | null> =>
  Promise.race([reading, sleep(PATIENCE_MS, null, { ref: false })]);
