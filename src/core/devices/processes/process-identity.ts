import { basename, join } from 'node:path';
import { JOB_VARIABLE } from '../../processes/index.ts';
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

/** True when a process was started by the engine: one of its parents is this process. */
async function hasEngineAbove(around: Surroundings, pid: number): Promise<boolean> {
  let current = pid;
  for (let depth = 0; depth < MOST_PARENTS && current > 1; depth++) {
    if (current === around.host.processId) return true;
    // The name is in brackets and may hold anything; the parent is the second field after it (proc(5)).
    const status = (await readText(join(around.procRoot, String(current), 'stat'))) ?? '';
    current = Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
  }
  return false;
}

/** What can be read of a process: of other people's less. Arguments may hold secrets and are left out. */
export async function identifyProcess(
  around: Surroundings,
  users: ReadonlyMap<string, string>,
  pid: number,
): Promise<ProcessIdentity> {
  const file = (name: string): Promise<string | null> => readText(join(around.procRoot, String(pid), name));
  const [command, status, environment, isChild] = await Promise.all([
    file('cmdline'),
    file('status'),
    file('environ'),
    hasEngineAbove(around, pid),
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
