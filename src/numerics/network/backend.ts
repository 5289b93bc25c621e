import { FalajError } from '../../shared/errors.ts';
import { CONTROL_BYTES, type ThreadHost, ThreadTeam } from '../threads/index.ts';
import {
  COMMAND,
  loadKernels,
  MOST_OPERANDS,
  type NetworkTask,
  runShare,
  scratchLength,
} from './team-work.ts';

/** A matrix in a backend's memory, row-major; or stored column by column, when it is the transpose of a row-major one. */
export interface Matrix {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly transposed?: boolean;
}

export interface AdamStep {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Number of this step, from 1. */
  readonly step: number;
  readonly decay: number;
  readonly l2: number;
}

export interface AdamState {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
  readonly means: Float32Array;
  readonly squares: Float32Array;
}

/** What the trainer asks of a device. Every array it is handed was allocated by it. */
export interface NetworkBackend {
  readonly name: string;
  /** Zeros, `length` rounded up to a multiple of 4. */
  allocate(length: number): Float32Array;
  /** target = a · b. */
  multiply(a: Matrix, b: Matrix, target: Matrix): void;
  /** One step of Adam over all numbers of the arrays. */
  adam(state: AdamState, step: AdamStep): void;
  /** Lets other threads go; after it nothing is asked any more. */
  close(): void;
}

const PAGE_BYTES = 65_536;
const MAX_PAGES = 65_536;
/** Multiplications, or numbers, below which other threads would come too late. */
const LEAST_SHARED_WORK = 100_000;

const ALONE: ThreadHost<NetworkTask> = {
  helpers: 0,
  start: () => undefined,
  patienceMs: 0,
  nowMicros: () => 0,
};

/**
 * The CPU by WebAssembly SIMD, on the calling thread and those of the host. Its memory grows as needed, up to 4 GiB. Results have
 * the same bits whatever the number of threads.
 */
export function cpuBackend(host: ThreadHost<NetworkTask> = ALONE): NetworkBackend {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: MAX_PAGES, shared: true });
  const kernels = loadKernels(memory);
  // The first page is the kernels' own.
  const control = PAGE_BYTES;
  const operandsAt = control + Math.ceil(CONTROL_BYTES / 64) * 64;
  const operands = new Float64Array(memory.buffer, operandsAt, MOST_OPERANDS);
  const team = new ThreadTeam(memory.buffer, control, host.nowMicros);
  if (host.helpers > 0) host.start({ memory, control, operands: operandsAt });
  let isFormed = host.helpers === 0;
  let end = 2 * PAGE_BYTES;
  let scratch: Float32Array = new Float32Array(0);

  /** A shared memory that grows keeps its older views valid. */
  const allocate = (length: number): Float32Array => {
    const start = end;
    const count = Math.ceil(length / 4) * 4;
    end = Math.ceil((start + count * 4) / 64) * 64;
    const missing = Math.ceil(end / PAGE_BYTES) - memory.buffer.byteLength / PAGE_BYTES;
    if (missing > 0) {
      try {
        memory.grow(missing);
      } catch (cause) {
        throw new FalajError('OUT_OF_MEMORY', 'The network needs more memory than there is.', {
          hint: 'Use smaller layers, embeddings or batches.',
          cause,
        });
      }
    }
    return new Float32Array(memory.buffer, start, count);
  };
  const strides = ({ rows, columns, transposed = false }: Matrix): readonly [number, number] =>
    transposed ? [4, rows * 4] : [columns * 4, 4];

  const form = (): void => {
    isFormed = true;
    team.close(0, host.helpers, host.patienceMs);
    host.formed?.(team.size);
  };
  const run = (command: number, work: number, numbers: readonly number[]): void => {
    if (!isFormed) form();
    operands.set(numbers);
    if (work < LEAST_SHARED_WORK || team.size === 1) runShare(kernels, operands, command, 0, 1);
    else team.lead(command, () => runShare(kernels, operands, command, 0, team.size));
  };

  return {
    name: 'cpu-wasm-simd',
    allocate,
    multiply(a, b, target) {
      const needed = (1 + host.helpers) * scratchLength(target.columns);
      if (scratch.length < needed) scratch = allocate(needed);
      run(COMMAND.multiply, target.rows * target.columns * a.columns, [
        a.values.byteOffset,
        ...strides(a),
        b.values.byteOffset,
        ...strides(b),
        target.values.byteOffset,
        target.columns * 4,
        target.rows,
        target.columns,
        a.columns,
        scratch.byteOffset,
      ]);
    },
    adam({ parameters, gradients, means, squares }, { rate, beta1, beta2, epsilon, step, decay, l2 }) {
      run(COMMAND.adam, parameters.length, [
        parameters.byteOffset,
        gradients.byteOffset,
        means.byteOffset,
        squares.byteOffset,
        parameters.length,
        rate,
        beta1,
        beta2,
        1 / (1 - beta1 ** step),
        1 / (1 - beta2 ** step),
        epsilon,
        decay,
        l2,
      ]);
    },
    close: () => team.dismiss(COMMAND.end, false),
  };
}
