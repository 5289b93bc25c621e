import { listProcesses, type ProcessFacts, type ProcessTree, processesOf } from '../processes/index.ts';

const TICKS_PER_SECOND = 100;

/** What the processes of a script use: of the processor in percent of one core, of memory in bytes. */
export interface TreeLoad {
  readonly processes: number;
  readonly cpuPercent: number;
  readonly memoryBytes: number;
}

/** Load between one call and the next; null where the system does not tell. */
export class TreeMeter {
  readonly #tree: ProcessTree;
  readonly #clock: () => number;
  #before: { readonly atMs: number; readonly ticks: ReadonlyMap<number, number> } | null = null;

  constructor(tree: ProcessTree, clock: () => number) {
    this.#tree = tree;
    this.#clock = clock;
  }

  sample(): TreeLoad | null {
    if (listProcesses().length === 0) return null;
    return this.#loadOf(processesOf(this.#tree), this.#clock());
  }

  #loadOf(processes: readonly ProcessFacts[], atMs: number): TreeLoad {
    const ticks = new Map(processes.map(({ pid, cpuTicks }) => [pid, cpuTicks]));
    const before = this.#before;
    this.#before = { atMs, ticks };
    let used = 0;
    for (const [pid, now] of ticks) used += now - (before?.ticks.get(pid) ?? 0);
    const seconds = before === null ? 0 : (atMs - before.atMs) / 1000;
    return {
      processes: processes.length,
      cpuPercent: seconds > 0 ? (100 * used) / TICKS_PER_SECOND / seconds : 0,
      memoryBytes: processes.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
    };
  }
}
