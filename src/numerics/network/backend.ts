import { FalajError } from '../../shared/errors.ts';
import { kernelsBase64 } from '../kernels/network.generated.ts';

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
}

interface NetworkKernels {
  multiply(...addresses: readonly number[]): void;
  adam(...addresses: readonly number[]): void;
}

const PAGE_BYTES = 65_536;
const MAX_PAGES = 65_536;
const DEPTH = 256;
const BLOCK_ROWS = 64;

/** The CPU by WebAssembly SIMD, on the calling thread. Its memory grows as needed, up to 4 GiB. */
export function cpuBackend(): NetworkBackend {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
  const bytes = Uint8Array.from(atob(kernelsBase64), (character) => character.charCodeAt(0));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  // The compiler's own signatures are those of the sources; nothing checks them at run time.
  const kernels = instance.exports as unknown as NetworkKernels;
  let end = PAGE_BYTES;
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

  return {
    name: 'cpu-wasm-simd',
    allocate,
    multiply(a, b, target) {
      const needed = DEPTH * (Math.ceil(target.columns / 8) * 8) + BLOCK_ROWS * DEPTH + 32;
      if (scratch.length < needed) scratch = allocate(needed);
      kernels.multiply(
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
      );
    },
    adam({ parameters, gradients, means, squares }, { rate, beta1, beta2, epsilon, step, decay, l2 }) {
      kernels.adam(
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
      );
    },
  };
}
