import type { ThreadTeam } from '../threads/index.ts';
import { binFeature } from './feature-bins.ts';
import {
  ANSWER_BYTES,
  BLOCK_ROWS,
  blocksOf,
  type FitPlan,
  LEAF_NUMBERS,
  SEARCH_SCRATCH_BYTES,
} from './fit-plan.ts';
import { HISTOGRAM_BYTES, type Kernels } from './kernels.ts';
import { leafForKernel } from './search-limits.ts';

export const COMMAND = {
  end: 0,
  records: 1,
  gradients: 2,
  root: 3,
  searchRoot: 4,
  split: 5,
  finishTree: 6,
} as const;

/** Words of a segment: rows that learn, rows that follow. */
const SEGMENT_WORDS = 4;

/** What one thread does of each command: it owns blocks of rows, their row lists and a histogram. */
export class ThreadWork {
  readonly plan: FitPlan;
  readonly kernels: Kernels;
  readonly buffer: ArrayBufferLike;
  /** Arguments of the command, as the leader wrote them. */
  readonly command: Float64Array;
  /** Begin and end of each thread's rows of each leaf: those that learn, then those that follow. Byte offsets. */
  readonly segments: Uint32Array;
  readonly leafValues: Float32Array;
  /** What is known of the two leaves to be searched. */
  readonly leaves: Float64Array;
  readonly #team: ThreadTeam;
  readonly #thread: number;
  readonly #sets: { readonly lists: number; readonly followers: number; readonly scratch: number };
  readonly #bytes: Uint8Array;

  constructor(plan: FitPlan, kernels: Kernels, buffer: ArrayBufferLike, team: ThreadTeam, thread: number) {
    this.plan = plan;
    this.kernels = kernels;
    this.buffer = buffer;
    this.#team = team;
    this.#thread = thread;
    this.command = new Float64Array(buffer, plan.at.command, 32);
    this.segments = new Uint32Array(buffer, plan.at.segments, plan.slots * plan.threads * SEGMENT_WORDS);
    this.leafValues = new Float32Array(buffer, plan.at.leafValues, plan.slots);
    this.leaves = new Float64Array(buffer, plan.at.leaves, 2 * LEAF_NUMBERS);
    this.#bytes = new Uint8Array(buffer);
    const share = (rows: number): number => (Math.ceil(blocksOf(rows) / team.size) * BLOCK_ROWS + 16) * 4;
    const followers = (plan.isSampled ? share(plan.train) : 0) + share(plan.held);
    this.#sets = {
      lists: plan.at.lists + thread * share(plan.train),
      followers: plan.at.followers + thread * followers,
      scratch: plan.at.scratch + thread * Math.max(share(plan.train), followers),
    };
  }

  run(command: number): void {
    if (command === COMMAND.records) this.#records();
    else if (command === COMMAND.gradients) this.#gradients();
    else if (command === COMMAND.root) this.#root();
    else if (command === COMMAND.searchRoot) this.#searchRoot();
    else if (command === COMMAND.split) this.#split();
    else if (command === COMMAND.finishTree) this.#finishTree();
  }

  /** Index of a leaf's segment of one thread in `segments`. */
  segmentOf(slot: number, thread: number): number {
    return (slot * this.plan.threads + thread) * SEGMENT_WORDS;
  }

  /** Edges of a feature's bins, or its categories: of bin 0, 1, … */
  edgesOf(feature: number): Float32Array {
    const { at, features } = this.plan;
    const count = new Uint32Array(this.buffer, at.edgeCounts, features)[feature]!;
    return new Float32Array(this.buffer, at.edges + feature * 1024, count);
  }

  binsOf(feature: number): number {
    return new DataView(this.buffer, this.plan.at.featureTable + feature * 8, 8).getUint16(0, true);
  }

  histogramOf(slot: number): number {
    return this.plan.at.histograms + slot * this.plan.histogramBytes;
  }

  /** Where a thread sums its own rows: a single thread at once in the leaf's place. */
  threadHistogram(thread: number): number {
    return this.plan.at.threadHistograms + thread * this.plan.histogramBytes;
  }

  /** Where a search of child 0 or 1 by this thread leaves its answer. */
  answerOf(thread: number, child: number): number {
    return this.plan.at.answers + (2 * thread + child) * ANSWER_BYTES;
  }

  /** Divides one thread's rows of a leaf in two, by the decision in the command; the smaller child takes the fresh place. */
  partition(thread: number): void {
    const [slot, fresh, feature, bin, missingLeft, isSet, leftIsSmaller] = this.command;
    const { plan, kernels, segments } = this;
    const column = plan.at.columns + feature! * plan.rows;
    const parent = this.segmentOf(slot!, thread);
    const [left, right] = [leftIsSmaller === 1 ? fresh! : slot!, leftIsSmaller === 1 ? slot! : fresh!].map(
      (place) => this.segmentOf(place, thread),
    ) as [number, number];
    for (const part of [0, 2]) {
      const [begin, end] = [segments[parent + part]!, segments[parent + part + 1]!];
      const middle =
        (isSet === 1
          ? kernels.partitionBySet(column, plan.at.leafSet, begin, end, this.#sets.scratch)
          : kernels.partition(column, bin!, missingLeft!, begin, end, this.#sets.scratch)) >>> 0;
      segments[left + part] = begin;
      segments[left + part + 1] = middle;
      segments[right + part] = middle;
      segments[right + part + 1] = end;
    }
  }

  /** Adds one thread's rows of a leaf to a histogram. */
  accumulate(slot: number, thread: number, histogram: number): void {
    const segment = this.segmentOf(slot, thread);
    this.kernels.accumulate(
      this.plan.at.records,
      this.plan.stride,
      this.segments[segment]!,
      this.segments[segment + 1]!,
      histogram,
    );
  }

  clear(histogram: number): void {
    this.kernels.clear(histogram, this.plan.histogramBytes);
  }

  /** Rows of a leaf that learn; known to all threads once the leaf's parent is partitioned. */
  countRows(slot: number): number {
    let bytes = 0;
    for (let thread = 0; thread < this.#team.size; thread++) {
      const segment = this.segmentOf(slot, thread);
      bytes += this.segments[segment + 1]! - this.segments[segment]!;
    }
    return bytes / 4;
  }

  search(slot: number, child: number, from: number, to: number): void {
    const { at } = this.plan;
    const described = this.leaves.subarray(child * LEAF_NUMBERS, (child + 1) * LEAF_NUMBERS);
    const leaf = leafForKernel(described, this.countRows(slot));
    if (leaf === null) {
      new DataView(this.buffer, this.answerOf(this.#thread, child), ANSWER_BYTES).setInt32(8, -1, true);
      return;
    }
    // Every thread has its own copy: the same numbers, but none is written while another reads.
    const ownLeaf = at.ownLeaf + this.#thread * LEAF_NUMBERS * 8;
    new Float64Array(this.buffer, ownLeaf, leaf.length).set(leaf);
    this.kernels.bestSplit(
      this.histogramOf(slot),
      from,
      to,
      at.featureTable,
      ownLeaf,
      at.searchScratch + this.#thread * SEARCH_SCRATCH_BYTES,
      this.answerOf(this.#thread, child),
    );
  }

  #records(): void {
    const { at, rows, features, stride, train } = this.plan;
    this.#eachBlock(train, (from, count) =>
      this.kernels.buildRecords(at.columns, rows, features, at.records, stride, from, from + count),
    );
  }

  #gradients(): void {
    const { at, rows, outputs, kernel, kernelArguments, train, held, heldStart } = this.plan;
    const of = kernel === 'softmax' ? [outputs, rows * 4] : kernelArguments;
    const compute = this.kernels[kernel];
    const sumBytes = (1 + 2 * outputs) * 8;
    const side = (start: number, firstBlock: number) => (from: number, count: number, block: number) => {
      const offset = (start + from) * 4;
      compute(
        at.score + offset,
        at.label + offset,
        at.weight === 0 ? 0 : at.weight + offset,
        at.gradient + offset,
        at.hessian === 0 ? 0 : at.hessian + offset,
        count,
        at.blockSums + (firstBlock + block) * sumBytes,
        ...of,
      );
    };
    this.#eachBlock(train, side(0, 0));
    this.#eachBlock(held, side(heldStart, blocksOf(train)));
  }

  /** Packs the gradients of one output, draws the rows that learn, and sums them. */
  #root(): void {
    const [output, gradientScale, hessianScale, seed, limit] = this.command;
    const { plan, kernels, segments } = this;
    const { at, rows, train, held } = plan;
    const shift = output! * rows * 4;
    let inside = this.#sets.lists;
    let outside = this.#sets.followers;
    const segment = this.segmentOf(0, this.#thread);
    segments[segment] = inside;
    segments[segment + 2] = outside;
    this.#eachBlock(train, (from, count) => {
      const offset = shift + from * 4;
      kernels.quantise(
        at.gradient + offset,
        at.hessian === 0 ? 0 : at.hessian + offset,
        plan.kernel === 'logistic' ? 1 : 0,
        at.records + from * plan.stride,
        plan.stride,
        count,
        gradientScale!,
        hessianScale!,
      );
      if (plan.isSampled) {
        inside = kernels.sampleRows(inside, outside, from, from + count, seed!, limit!) >>> 0;
        outside = kernels.endOfOutside() >>> 0;
      } else inside = kernels.numberRows(inside, from, from + count) >>> 0;
    });
    this.#eachBlock(held, (from, count) => {
      const first = plan.heldStart + from;
      outside = kernels.numberRows(outside, first, first + count) >>> 0;
    });
    segments[segment + 1] = inside;
    segments[segment + 3] = outside;
    const histogram = this.#team.size === 1 ? this.histogramOf(0) : this.threadHistogram(this.#thread);
    this.clear(histogram);
    this.accumulate(0, this.#thread, histogram);
  }

  #searchRoot(): void {
    const [from, to] = this.#ownFeatures();
    this.#merge(0, from, to);
    this.search(0, 0, from, to);
  }

  #split(): void {
    const [slot, fresh, , , , , leftIsSmaller, searchLeft, searchRight] = this.command;
    this.partition(this.#thread);
    const own = this.threadHistogram(this.#thread);
    this.clear(own);
    this.accumulate(fresh!, this.#thread, own);
    this.#team.barrier();
    // The larger child's sums are what remains of the parent's, in the parent's place.
    const [from, to] = this.#ownFeatures();
    this.#merge(fresh!, from, to);
    const skip = from * HISTOGRAM_BYTES;
    this.kernels.subtract(
      this.histogramOf(slot!) + skip,
      this.histogramOf(fresh!) + skip,
      (to - from) * HISTOGRAM_BYTES,
    );
    const [left, right] = leftIsSmaller === 1 ? [fresh!, slot!] : [slot!, fresh!];
    if (searchLeft === 1) this.search(left, 0, from, to);
    if (searchRight === 1) this.search(right, 1, from, to);
  }

  #finishTree(): void {
    const [output, leaves] = this.command;
    const score = this.plan.at.score + output! * this.plan.rows * 4;
    for (let slot = 0; slot < leaves!; slot++) {
      const segment = this.segmentOf(slot, this.#thread);
      for (const part of [segment, segment + 2])
        this.kernels.addToScores(
          score,
          this.segments[part]!,
          this.segments[part + 1]!,
          this.leafValues[slot]!,
        );
    }
  }

  /** Adds up what all threads summed, for the features that this thread searches. */
  #merge(slot: number, from: number, to: number): void {
    if (this.#team.size === 1) return;
    const skip = from * HISTOGRAM_BYTES;
    const target = this.histogramOf(slot) + skip;
    const bytes = (to - from) * HISTOGRAM_BYTES;
    this.#bytes.copyWithin(target, this.threadHistogram(0) + skip, this.threadHistogram(0) + skip + bytes);
    for (let thread = 1; thread < this.#team.size; thread++)
      this.kernels.add(target, this.threadHistogram(thread) + skip, bytes);
  }

  #ownFeatures(): [number, number] {
    const share = (thread: number): number => Math.floor((this.plan.features * thread) / this.#team.size);
    return [share(this.#thread), share(this.#thread + 1)];
  }

  #eachBlock(rows: number, visit: (from: number, count: number, block: number) => void): void {
    for (let block = this.#thread; block < blocksOf(rows); block += this.#team.size) {
      const from = block * BLOCK_ROWS;
      visit(from, Math.min(BLOCK_ROWS, rows - from), block);
    }
  }
}

/** Bins features until none is left to claim. */
export function claimFeatures(
  plan: FitPlan,
  kernels: Kernels,
  buffer: ArrayBufferLike,
  team: ThreadTeam,
  thread: number,
): void {
  for (let feature = team.claim(plan.features); feature !== null; feature = team.claim(plan.features)) {
    binFeature(plan, kernels, buffer, thread, feature);
    team.reportClaim();
  }
}
