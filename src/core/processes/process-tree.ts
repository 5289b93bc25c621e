import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { factsOf, listProcesses, type ProcessFacts, processesMarked } from './process-list.ts';

/** A process that was started as the leader of a group of its own, with a mark in its environment. */
export interface ProcessTree {
  readonly pid: number;
  /** Null where the system does not tell. */
  readonly startTicks: number | null;
  readonly mark: { readonly variable: string; readonly value: string };
}

/** The tree of a process that has just been started. */
export const treeOf = (pid: number, mark: ProcessTree['mark']): ProcessTree => ({
  pid,
  startTicks: factsOf(pid)?.startTicks ?? null,
  mark,
});

type TreeSignal = 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

const POLL_MS = 50;
/** A process that starts others while it is being ended is met again. */
const KILL_ROUNDS = 40;

/** The processes of a tree that still run: its group, whoever descends from it, and whoever carries its mark. */
export function processesOf(tree: ProcessTree): ProcessFacts[] {
  const { pid, mark } = tree;
  const all = listProcesses();
  const marked = new Set(processesMarked(mark.variable, mark.value));
  // Numbers are used again: another process under this one has nothing to do with the tree.
  if (isReused(tree, all)) return all.filter((one) => marked.has(one.pid));
  const members = new Set<number>([pid]);
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const one of all)
      if (members.has(one.parent) || one.group === pid || marked.has(one.pid)) members.add(one.pid);
  }
  return all.filter((one) => members.has(one.pid));
}

/** Asks all of a tree to end, and ends what has not within the grace. Resolves when nothing of it runs. */
export async function endProcessTree(tree: ProcessTree, graceMs: number): Promise<void> {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/PID', String(tree.pid), '/T', '/F'], { windowsHide: true, stdio: 'ignore' });
    return;
  }
  signalTree(tree, 'SIGTERM');
  for (const deadline = Date.now() + graceMs; Date.now() < deadline; await sleep(POLL_MS)) {
    if (!isAlive(tree)) return;
  }
  for (let round = 0; round < KILL_ROUNDS && isAlive(tree); round++) {
    signalTree(tree, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

/** False where the system halts no processes. */
export const canHaltProcesses = process.platform !== 'win32';

/** Halts all of a tree where it is; it keeps its memory. */
export const haltProcessTree = (tree: ProcessTree): void => signalTree(tree, 'SIGSTOP');

export const resumeProcessTree = (tree: ProcessTree): void => signalTree(tree, 'SIGCONT');

const isReused = ({ pid, startTicks }: ProcessTree, all: readonly ProcessFacts[]): boolean =>
  all.some((one) => one.pid === pid && startTicks !== null && one.startTicks !== startTicks);

function signalTree(tree: ProcessTree, signal: TreeSignal): void {
  if (!isReused(tree, listProcesses())) signalOne(-tree.pid, signal);
  for (const { pid } of processesOf(tree)) if (pid !== tree.pid) signalOne(pid, signal);
}

/** Whether any of the tree runs; where the system does not list processes, whether any of its group does. */
const isAlive = (tree: ProcessTree): boolean =>
  process.platform === 'linux' ? processesOf(tree).length > 0 : signalOne(-tree.pid, 0);

/** False for what is gone already, or was never ours. */
function signalOne(pid: number, signal: TreeSignal | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
