import { kernelsBase64 as treeKernels } from '../kernels/gbdt-kernels.generated.ts';
import { kernelsBase64 as histogramKernels } from '../kernels/histogram.generated.ts';

/** The compiled inner loops; every address is a byte offset into `memory`. See the sources for what each does. */
export interface Kernels {
  logisticGradients(score: number, label: number, gradient: number, rows: number, out: number): void;
  squaredGradients(score: number, label: number, gradient: number, rows: number, out: number): void;
  quantise(
    gradient: number,
    records: number,
    stride: number,
    rows: number,
    logistic: number,
    gradientScale: number,
    hessianScale: number,
    out: number,
  ): void;
  accumulate(
    records: number,
    stride: number,
    begin: number,
    end: number,
    histogram: number,
    groups: number,
  ): void;
  subtract(minuend: number, subtrahend: number, bytes: number): void;
  bestSplit(
    histogram: number,
    from: number,
    to: number,
    binCounts: number,
    g: number,
    h: number,
    l2: number,
    leastH: number,
    out: number,
  ): void;
  partition(
    column: number,
    bin: number,
    missingLeft: number,
    begin: number,
    end: number,
    scratch: number,
  ): number;
  addToScores(score: number, begin: number, end: number, value: number): void;
}

export function loadKernels(memory: WebAssembly.Memory): Kernels {
  const load = (text: string): Record<string, unknown> => {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
  };
  // The compiler's own signatures are those of the sources; nothing checks them at run time.
  return { ...load(treeKernels), ...load(histogramKernels) } as unknown as Kernels;
}

const PAGE_BYTES = 65_536;

/** Hands out parts of one memory that is as large as all of them together. */
export class Arena {
  /** The first page is the compiler's: the logarithm's tables lie there. */
  #end = PAGE_BYTES;

  /** Byte offset of `bytes` bytes, aligned to 64. */
  take(bytes: number): number {
    const at = this.#end;
    this.#end = Math.ceil((at + bytes) / 64) * 64;
    return at;
  }

  memory(): WebAssembly.Memory {
    return new WebAssembly.Memory({
      initial: Math.ceil(this.#end / PAGE_BYTES),
      maximum: PAGE_BYTES,
      shared: true,
    });
  }
}
