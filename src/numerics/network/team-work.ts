import { kernelsBase64 } from '../kernels/network.generated.ts';
import { ThreadTeam } from '../threads/index.ts';

interface NetworkKernels {
  multiply(...addresses: readonly number[]): void;
  adam(...addresses: readonly number[]): void;
}

/** What a helping thread is given: the memory, and where in it commands and their numbers stand. */
export interface NetworkTask {
  readonly memory: WebAssembly.Memory;
  readonly control: number;
  readonly operands: number;
}

export const COMMAND = { end: 0, multiply: 1, adam: 2 } as const;
export const MOST_OPERANDS = 16;

/** Of the packed product: see the kernels' source. */
const PANEL_COLUMNS = 8;
const PANEL_ROWS = 4;
const DEPTH = 256;
const BLOCK_ROWS = 64;
/** Numbers of a cache line, which threads do not share. */
const LINE = 16;

/** Numbers that a thread packs into while it multiplies by a matrix of so many columns. */
export const scratchLength = (columns: number): number =>
  DEPTH * (Math.ceil(columns / PANEL_COLUMNS) * PANEL_COLUMNS) + BLOCK_ROWS * DEPTH + 32;

export function loadKernels(memory: WebAssembly.Memory): NetworkKernels {
  const bytes = Uint8Array.from(atob(kernelsBase64), (character) => character.charCodeAt(0));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  // The compiler's own signatures are those of the sources; nothing checks them at run time.
  return instance.exports as unknown as NetworkKernels;
}

/**
 * One thread's share of a command. Numbers do not depend on how the work is shared out: columns, or rows where there are few
 * columns, are computed each by itself.
 */
export function runShare(
  kernels: NetworkKernels,
  operands: Float64Array,
  command: number,
  thread: number,
  threads: number,
): void {
  if (command === COMMAND.adam) {
    const [parameters, gradients, means, squares, count, ...rest] = [...operands] as [
      number,
      number,
      number,
      number,
      number,
      ...number[],
    ];
    const [from, to] = share(count, LINE, thread, threads);
    const at = (address: number): number => address + from * 4;
    if (from < to) kernels.adam(at(parameters), at(gradients), at(means), at(squares), to - from, ...rest);
    return;
  }
  const [a, aRow, aColumn, b, bRow, bColumn, c, cRow, m, n, k, scratch] = operands as unknown as number[];
  const own = scratch! + thread * scratchLength(n!) * 4;
  const isWide = n! >= threads * 2 * PANEL_COLUMNS;
  const [from, to] = isWide
    ? share(n!, PANEL_COLUMNS, thread, threads)
    : share(m!, PANEL_ROWS, thread, threads);
  if (from >= to) return;
  if (isWide)
    kernels.multiply(
      a!,
      aRow!,
      aColumn!,
      b! + from * bColumn!,
      bRow!,
      bColumn!,
      c! + from * 4,
      cRow!,
      m!,
      to - from,
      k!,
      own,
    );
  else
    kernels.multiply(
      a! + from * aRow!,
      aRow!,
      aColumn!,
      b!,
      bRow!,
      bColumn!,
      c! + from * cRow!,
      cRow!,
      to - from,
      n!,
      k!,
      own,
    );
}

function share(count: number, unit: number, thread: number, threads: number): [from: number, to: number] {
  const each = Math.ceil(count / threads / unit) * unit;
  return [Math.min(count, thread * each), Math.min(count, (thread + 1) * each)];
}

/** What a helping thread runs: returns when the network is no longer needed, at once when it comes too late. */
export function helpNetwork({ memory, control, operands }: NetworkTask, nowMicros: () => number): void {
  const kernels = loadKernels(memory);
  const team = new ThreadTeam(memory.buffer, control, nowMicros);
  const thread = team.join();
  if (thread === null) return;
  try {
    const numbers = new Float64Array(memory.buffer, operands, MOST_OPERANDS);
    let generation = 0;
    for (
      let command = team.follow(generation++);
      command !== COMMAND.end;
      command = team.follow(generation++)
    ) {
      runShare(kernels, numbers, command, thread, team.size);
      team.finish();
    }
  } catch (error) {
    team.fail();
    throw error;
  }
}
