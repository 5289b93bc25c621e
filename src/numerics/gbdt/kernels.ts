import { kernelsBase64 as objectives } from '../kernels/gbdt-objectives.generated.ts';
import { kernelsBase64 as rows } from '../kernels/gbdt-rows.generated.ts';
import { kernelsBase64 as splits } from '../kernels/gbdt-splits.generated.ts';
import { histogramModule, MOST_FEATURES } from './histogram-module.ts';

/** Gradients of one block of rows; the last arguments are those of the objective. See the sources. */
export type GradientKernel = (
  score: number,
  label: number,
  weight: number,
  gradient: number,
  hessian: number,
  rows: number,
  out: number,
  ...of: number[]
) => void;

export type GradientKernelName = 'logistic' | 'softmax' | 'squared' | 'pinball' | 'huber' | 'poisson';

type Accumulate = (
  records: number,
  stride: number,
  begin: number,
  end: number,
  histogram: number,
  skip: number,
) => number;

/** The compiled inner loops; every address is a byte offset into one memory. See the sources for what each does. */
export interface Kernels extends Record<GradientKernelName, GradientKernel> {
  quantise(
    gradient: number,
    hessian: number,
    isLogistic: number,
    records: number,
    stride: number,
    rows: number,
    gradientScale: number,
    hessianScale: number,
  ): void;
  sortValues(values: number, spare: number, counts: number, count: number): void;
  fillBinTable(edges: number, edgeCount: number, table: number): void;
  placeBins(
    values: number,
    count: number,
    edges: number,
    edgeCount: number,
    table: number,
    bins: number,
  ): void;
  buildRecords(
    columns: number,
    columnStride: number,
    features: number,
    records: number,
    stride: number,
    from: number,
    to: number,
  ): void;
  numberRows(list: number, from: number, to: number): number;
  sampleRows(inside: number, outside: number, from: number, to: number, seed: number, limit: number): number;
  endOfOutside(): number;
  partition(
    column: number,
    bin: number,
    missingLeft: number,
    begin: number,
    end: number,
    scratch: number,
  ): number;
  partitionBySet(column: number, set: number, begin: number, end: number, scratch: number): number;
  addToScores(score: number, begin: number, end: number, value: number): void;
  clear(histogram: number, bytes: number): void;
  subtract(minuend: number, subtrahend: number, bytes: number): void;
  add(target: number, addend: number, bytes: number): void;
  bestSplit(
    histogram: number,
    from: number,
    to: number,
    features: number,
    leaf: number,
    scratch: number,
    out: number,
  ): void;
  /** Adds the listed rows to the histograms of all features. */
  accumulate(records: number, stride: number, begin: number, end: number, histogram: number): void;
}

/** Bytes of one feature's histogram: 256 sums of eight bytes. */
export const HISTOGRAM_BYTES = 2048;

/** The compiled kernels over a memory, with a histogram that is unrolled for so many features. */
export function loadKernels(memory: WebAssembly.Memory, features: number): Kernels {
  const open = (bytes: Uint8Array<ArrayBuffer>): Record<string, unknown> =>
    new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
  const load = (text: string): Record<string, unknown> =>
    open(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  // The compiler's own signatures are those of the sources; nothing checks them at run time.
  const compiled = { ...load(objectives), ...load(rows), ...load(splits) } as unknown as Omit<
    Kernels,
    'accumulate'
  >;
  const unrolled = (count: number): Accumulate =>
    open(histogramModule(count))['accumulate'] as unknown as Accumulate;
  const whole = features >= MOST_FEATURES ? unrolled(MOST_FEATURES) : null;
  const rest = features % MOST_FEATURES > 0 ? unrolled(features % MOST_FEATURES) : null;
  const wholeTimes = Math.floor(features / MOST_FEATURES);
  return {
    ...compiled,
    accumulate: (records, stride, begin, end, histogram) => {
      for (let part = 0; part < wholeTimes; part++) {
        const skip = part * MOST_FEATURES;
        whole!(records, stride, begin, end, histogram + skip * HISTOGRAM_BYTES, skip);
      }
      const skip = wholeTimes * MOST_FEATURES;
      rest?.(records, stride, begin, end, histogram + skip * HISTOGRAM_BYTES, skip);
    },
  };
}
