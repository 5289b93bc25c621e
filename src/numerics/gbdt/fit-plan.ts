import { FalajError } from '../../shared/errors.ts';
import { HISTOGRAM_BYTES } from './kernels.ts';
import { outputsOf, traitsOf } from './objective.ts';
import { type FitGbdtOptions, MOST_BINS } from './options.ts';

/** Rows are dealt to the threads in blocks: cyclic, so that a split on time leaves no thread idle. */
export const BLOCK_ROWS = 2048;
/** Rows that choose the edges of a feature's bins, at most. */
const SAMPLE_ROWS = 200_000;
/** Values that are binned in one go, at most. */
const CHUNK_ROWS = 65_536;
const PAGE_BYTES = 65_536;
const MOST_PAGES = 65_536;
const CONTROL_BYTES = 1024;

/** Numbers that describe a leaf to be searched: the kernel's twelve, and rows. */
export const LEAF_NUMBERS = 16;
/** Bytes of what one search answers; see the kernels' sources. */
export const ANSWER_BYTES = 64;
/** A thread's own memory while it searches for splits. */
export const SEARCH_SCRATCH_BYTES = 2560;
/** A thread's own table while values become bins: a page, and a cache line more. */
export const BIN_TABLE_BYTES = PAGE_BYTES + 64;

/**
 * Sizes and byte offsets that all threads of a fit agree on. Rows are numbered anew: training rows from 0, validation rows
 * from `heldStart`; up to three numbers between them belong to no row.
 */
export interface FitPlan {
  readonly features: number;
  readonly train: number;
  readonly held: number;
  readonly heldStart: number;
  /** Row numbers, and bytes of a column of bins; a multiple of 4. */
  readonly rows: number;
  /** Threads that the memory has room for. */
  readonly threads: number;
  /** Leaves that the memory has room for. */
  readonly slots: number;
  readonly outputs: number;
  readonly stride: number;
  /** Rows that choose the edges of bins, and values that are binned in one go. */
  readonly sampleRows: number;
  readonly chunkRows: number;
  readonly histogramBytes: number;
  readonly maxBins: number;
  readonly categorical: readonly boolean[];
  readonly kernel: ReturnType<typeof traitsOf>['kernel'];
  readonly kernelArguments: readonly number[];
  readonly isSampled: boolean;
  /** The matrix as the caller has it: training rows begin at `from`, validation rows at `heldFrom`. */
  readonly matrix: Float32Array;
  readonly matrixRows: number;
  readonly from: number;
  readonly heldFrom: number;
  readonly at: Readonly<Record<Area, number>>;
  readonly memoryPages: number;
}

type Area =
  | 'control'
  | 'command'
  | 'leaves'
  | 'ownLeaf'
  | 'answers'
  | 'searchScratch'
  | 'leafSet'
  | 'featureTable'
  | 'edges'
  | 'edgeCounts'
  | 'segments'
  | 'leafValues'
  | 'blockSums'
  | 'score'
  | 'label'
  | 'weight'
  | 'gradient'
  | 'hessian'
  | 'lists'
  | 'followers'
  | 'scratch'
  | 'records'
  | 'columns'
  | 'histograms'
  | 'threadHistograms'
  | 'sample'
  | 'spare'
  | 'chunk'
  | 'binTable';

/**
 * Lays the memory out.
 *
 * @throws OUT_OF_MEMORY where it would be larger than the 4 GiB that WebAssembly can address.
 */
export function planFit(options: FitGbdtOptions, threads: number): FitPlan {
  const { data, validation, objective } = options;
  const { features } = data;
  const train = data.to - data.from;
  const held = validation.to - validation.from;
  const heldStart = multipleOf(train, 4);
  const rows = heldStart + multipleOf(held, 4);
  const outputs = outputsOf(objective);
  const traits = traitsOf(objective);
  const slots = Math.min(options.leaves, train);
  const stride = 8 + multipleOf(features, 8);
  const histogramBytes = features * HISTOGRAM_BYTES;
  const blocks = blocksOf(train) + blocksOf(held);
  const isSampled = (options.rowSampling ?? 1) < 1;
  const isWeighted = options.weights !== undefined || options.classWeights !== undefined;
  const hasHessians = isWeighted || !(traits.constantHessian || objective.kind === 'binary');
  // Training and validation rows are dealt separately, each with a block that may be short; and one row more a thread, for
  // the partition writes a row to both sides before it knows which.
  const list = (count: number): number => (count + 2 * threads * (BLOCK_ROWS + 16)) * 4;
  const followers = held + (isSampled ? train : 0);

  const sampleRows = Math.min(SAMPLE_ROWS, train);
  const chunkRows = Math.min(CHUNK_ROWS, Math.max(train, held));

  let end = PAGE_BYTES; // the first page is the compiler's: the logarithm's tables lie there
  const take = (bytes: number): number => {
    const start = end;
    end = multipleOf(start + bytes, 64);
    return start;
  };
  const at: Record<Area, number> = {
    control: take(CONTROL_BYTES),
    command: take(256),
    leaves: take(2 * LEAF_NUMBERS * 8),
    ownLeaf: take(threads * LEAF_NUMBERS * 8),
    answers: take(threads * 2 * ANSWER_BYTES),
    searchScratch: take(threads * SEARCH_SCRATCH_BYTES),
    leafSet: take(32),
    featureTable: take(features * 8),
    edges: take(features * 1024),
    edgeCounts: take(features * 4),
    segments: take(slots * threads * 16),
    leafValues: take(slots * 4),
    blockSums: take(blocks * (1 + 2 * outputs) * 8),
    score: take(outputs * rows * 4),
    label: take(rows * 4),
    weight: isWeighted ? take(rows * 4) : 0,
    gradient: take(outputs * rows * 4),
    hessian: hasHessians ? take(outputs * rows * 4) : 0,
    lists: take(list(train)),
    followers: take(list(followers)),
    scratch: take(list(Math.max(train, followers))),
    records: take(heldStart * stride),
    columns: take(features * rows),
    histograms: take(slots * histogramBytes),
    threadHistograms: threads > 1 ? take(threads * histogramBytes) : 0,
    sample: take(threads * sampleRows * 4),
    spare: take(threads * sampleRows * 4),
    chunk: take(threads * chunkRows * 4),
    binTable: take(threads * BIN_TABLE_BYTES),
  };
  const memoryPages = Math.ceil(end / PAGE_BYTES);
  if (memoryPages > MOST_PAGES)
    throw new FalajError(
      'OUT_OF_MEMORY',
      `Trees over ${train + held} rows, ${features} features and ${options.leaves} leaves need ${Math.ceil(end / 2 ** 30)} GiB; at most 4 GiB can be addressed.`,
      { hint: 'Use fewer rows, features or leaves.', details: { bytes: end } },
    );
  return {
    features,
    train,
    held,
    heldStart,
    rows,
    threads,
    slots,
    outputs,
    stride,
    sampleRows,
    chunkRows,
    histogramBytes,
    maxBins: options.maxBins ?? MOST_BINS,
    categorical: Array.from({ length: features }, (_, feature) => options.categorical?.[feature] ?? false),
    kernel: traits.kernel,
    kernelArguments: traits.kernelArguments,
    isSampled,
    matrix: data.matrix,
    matrixRows: data.rows,
    from: data.from,
    heldFrom: validation.from,
    at,
    memoryPages,
  };
}

/** @throws OUT_OF_MEMORY where the machine does not give it. */
export const makeMemory = ({ memoryPages }: FitPlan): WebAssembly.Memory => {
  try {
    return new WebAssembly.Memory({ initial: memoryPages, maximum: MOST_PAGES, shared: true });
  } catch (error) {
    throw new FalajError('OUT_OF_MEMORY', `The trees need ${memoryPages * PAGE_BYTES} bytes at once.`, {
      hint: 'Use fewer rows, features or leaves, or close other programs.',
      cause: error,
    });
  }
};

/** How many blocks of rows the threads share among them. */
export const blocksOf = (rows: number): number => Math.ceil(rows / BLOCK_ROWS);

const multipleOf = (count: number, unit: number): number => Math.ceil(count / unit) * unit;
