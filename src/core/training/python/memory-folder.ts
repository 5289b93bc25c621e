import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { FalajError } from '../../../shared/errors.ts';
import { formatBytes } from '../../../shared/units.ts';
import { endProcessTree, isOwn, isRunning, processesMarked, treeOf } from '../../processes/index.ts';

/** Variable that names a folder in memory, or on a volume that is encrypted, where there is no such folder by itself. */
export const MEMORY_FOLDER_VARIABLE = 'FALAJ_MEMORY_FOLDER';
/** Variable by which the programs that work in such a folder are known. */
export const LEARNER_VARIABLE = 'FALAJ_LEARNER';

const PREFIX = 'falaj-learner-';
const OF_LINUX = '/dev/shm';
/** Numbers of the file systems tmpfs and ramfs in Linux. */
const IN_MEMORY: readonly number[] = [0x0102_1994, 0x8584_58f6];

/** A folder that lies in memory alone: rows of a workspace are never written to a disk in the clear. */
export interface MemoryFolder {
  readonly path: string;
  remove(): void;
}

/**
 * @param bytes what will be written into it.
 * @throws DEVICE_UNAVAILABLE where no folder lies in memory, OUT_OF_MEMORY where there is not so much room.
 */
export async function makeMemoryFolder(
  environment: Readonly<Record<string, string | undefined>>,
  bytes: number,
): Promise<MemoryFolder> {
  const above = folderInMemory(environment);
  await removeAbandoned(above);
  const { bavail, bsize } = statfsSync(above);
  if (bavail * bsize < bytes)
    throw new FalajError(
      'OUT_OF_MEMORY',
      `The rows for the script take ${formatBytes(bytes)}, and ${above} has room for ${formatBytes(bavail * bsize)}.`,
      { hint: `Make it larger, or name another folder in memory by ${MEMORY_FOLDER_VARIABLE}.` },
    );
  const folder = path.join(above, `${PREFIX}${processSpace()}-${process.pid}-${randomUUID()}`);
  mkdirSync(folder, { mode: 0o700 });
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function folderInMemory(environment: Readonly<Record<string, string | undefined>>): string {
  const named = environment[MEMORY_FOLDER_VARIABLE];
  // Whoever names one answers for it: whether a volume is encrypted cannot be seen.
  if (named !== undefined && existsSync(named)) return named;
  if (named === undefined && existsSync(OF_LINUX) && IN_MEMORY.includes(statfsSync(OF_LINUX).type))
    return OF_LINUX;
  throw new FalajError(
    'DEVICE_UNAVAILABLE',
    named === undefined ? 'There is no folder in memory for the rows.' : `There is no folder "${named}".`,
    {
      hint: `Rows go to a script through files that must not lie on a disk in the clear: name a folder on a RAM disk, or on an encrypted volume, by ${MEMORY_FOLDER_VARIABLE}.`,
    },
  );
}

/** Ends what an engine that died left running, and takes away what it left there. */
export async function removeAbandoned(above: string = OF_LINUX): Promise<void> {
  if (!existsSync(above)) return;
  const space = processSpace();
  for (const name of readdirSync(above)) {
    if (!name.startsWith(`${PREFIX}${space}-`)) continue;
    const pid = Number(name.slice(PREFIX.length + space.length + 1).split('-')[0]);
    const folder = path.join(above, name);
    // Other users of the machine keep theirs in the same place.
    if (isRunning(pid) || !isOwn(folder)) continue;
    const mark = { variable: LEARNER_VARIABLE, value: folder };
    for (const left of processesMarked(mark.variable, mark.value))
      await endProcessTree(treeOf(left, mark), 0);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Containers may share their memory, and number their processes each by itself. */
function processSpace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0'; // a system without such spaces
  }
}
