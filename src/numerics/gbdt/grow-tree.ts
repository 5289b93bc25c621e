import type { TreeArrays } from '../onnx/index.ts';
import type { Workbench } from './workbench.ts';

export interface GrowOptions {
  readonly leaves: number;
  readonly learningRate: number;
  readonly minRowsPerLeaf: number;
  readonly l2: number;
  readonly task: 'binary' | 'regression';
}

interface Split {
  readonly gain: number;
  readonly feature: number;
  readonly bin: number;
  readonly missingLeft: number;
  readonly leftGradient: number;
  readonly leftHessian: number;
}

/** A leaf that may still be split: its rows on both sides, and its sums in quantised units. */
interface OpenLeaf {
  readonly node: number;
  readonly begin: number;
  readonly end: number;
  readonly heldBegin: number;
  readonly heldEnd: number;
  readonly gradient: number;
  readonly hessian: number;
  readonly histogram: number;
  readonly split: Split | null;
}

const LEAST_HESSIAN = 1e-3;

/**
 * Grows one tree leaf by leaf, always splitting where the loss falls most, and adds its values to the scores of both
 * sides. Null when no split lowers the loss.
 */
export function growTree(
  bench: Workbench,
  options: GrowOptions,
  sums: { readonly gradient: number; readonly hessian: number },
  edges: readonly Float32Array[],
): { readonly tree: TreeArrays; readonly gains: Float64Array } | null {
  const { kernels, memory, at, train, held } = bench;
  const logistic = options.task === 'binary';
  // Rounding may add half a step per row; the sums must still fit 31 and 32 bits.
  const gradientScale = Math.fround(
    Math.min(2 ** 24, (0.98 * (2 ** 31 - train)) / Math.max(sums.gradient, 1e-9)),
  );
  const hessianScale = logistic
    ? Math.fround(Math.min(2 ** 24, (0.98 * (2 ** 32 - train)) / Math.max(sums.hessian, 1e-9)))
    : 1;
  kernels.quantise(
    at.gradient,
    at.records,
    bench.stride,
    Math.ceil(train / 4) * 4,
    logistic ? 1 : 0,
    gradientScale,
    hessianScale,
    at.out,
  );
  const [totalGradient, totalHessian] = new Float64Array(memory.buffer, at.out, 2);
  const l2 = options.l2 * hessianScale;
  // Rows are not counted: a leaf's share of the hessian stands for its share of the rows.
  const leastHessian = Math.max(
    LEAST_HESSIAN * hessianScale,
    (options.minRowsPerLeaf / train) * totalHessian!,
  );

  const find = (histogram: number, gradient: number, hessian: number): Split | null => {
    if (hessian < 2 * leastHessian) return null;
    kernels.bestSplit(
      histogram,
      0,
      bench.features,
      at.binCounts,
      gradient,
      hessian,
      l2,
      leastHessian,
      at.out,
    );
    const view = new DataView(memory.buffer, at.out);
    const feature = view.getInt32(8, true);
    if (feature < 0) return null;
    return {
      gain: (view.getFloat64(0, true) * hessianScale) / gradientScale ** 2,
      feature,
      bin: view.getInt32(12, true),
      missingLeft: view.getInt32(16, true),
      leftHessian: view.getUint32(20, true),
      leftGradient: view.getFloat64(24, true),
    };
  };
  const accumulate = (begin: number, end: number, histogram: number): void => {
    new Uint8Array(memory.buffer, histogram, bench.histogramBytes).fill(0);
    kernels.accumulate(at.records, bench.stride, begin, end, histogram, bench.groups);
  };

  numberRows(memory, at.rows, train, 0);
  numberRows(memory, at.heldRows, held, train);
  accumulate(at.rows, at.rows + train * 4, at.histograms);
  const nodes = new NodeList();
  const root: OpenLeaf = {
    node: nodes.add(),
    begin: at.rows,
    end: at.rows + train * 4,
    heldBegin: at.heldRows,
    heldEnd: at.heldRows + held * 4,
    gradient: totalGradient!,
    hessian: totalHessian!,
    histogram: at.histograms,
    split: find(at.histograms, totalGradient!, totalHessian!),
  };
  if (root.split === null) return null;

  const gains = new Float64Array(bench.features);
  const open: OpenLeaf[] = [root];
  for (let leaves = 1; leaves < options.leaves; leaves++) {
    const index = mostPromising(open);
    if (index < 0) break;
    const leaf = open[index]!;
    const split = leaf.split!;
    gains[split.feature]! += split.gain;
    const column = at.columns + split.feature * bench.all;
    const middle = kernels.partition(column, split.bin, split.missingLeft, leaf.begin, leaf.end, at.scratch);
    const heldMiddle = kernels.partition(
      column,
      split.bin,
      split.missingLeft,
      leaf.heldBegin,
      leaf.heldEnd,
      at.scratch,
    );
    // The smaller side is summed anew, in a place of its own; the larger is what remains of the parent's sums.
    const fresh = at.histograms + leaves * bench.histogramBytes;
    const leftIsSmaller = middle - leaf.begin <= leaf.end - middle;
    if (leftIsSmaller) accumulate(leaf.begin, middle, fresh);
    else accumulate(middle, leaf.end, fresh);
    kernels.subtract(leaf.histogram, fresh, bench.histogramBytes);
    const [leftNode, rightNode] = [nodes.add(), nodes.add()];
    nodes.decide(leaf.node, split, edges[split.feature]!, leftNode, rightNode);
    const child = (isLeft: boolean): OpenLeaf => {
      const gradient = isLeft ? split.leftGradient : leaf.gradient - split.leftGradient;
      const hessian = isLeft ? split.leftHessian : leaf.hessian - split.leftHessian;
      const histogram = isLeft === leftIsSmaller ? fresh : leaf.histogram;
      return {
        node: isLeft ? leftNode : rightNode,
        begin: isLeft ? leaf.begin : middle,
        end: isLeft ? middle : leaf.end,
        heldBegin: isLeft ? leaf.heldBegin : heldMiddle,
        heldEnd: isLeft ? heldMiddle : leaf.heldEnd,
        gradient,
        hessian,
        histogram,
        split: find(histogram, gradient, hessian),
      };
    };
    open.splice(index, 1, child(true), child(false));
  }
  for (const leaf of open) {
    const value = Math.fround(
      (-options.learningRate * (leaf.gradient / gradientScale)) / ((leaf.hessian + l2) / hessianScale),
    );
    nodes.finish(leaf.node, value);
    kernels.addToScores(at.score, leaf.begin, leaf.end, value);
    // Held rows are numbered after the training rows, their scores from 0.
    kernels.addToScores(at.heldScore - train * 4, leaf.heldBegin, leaf.heldEnd, value);
  }
  return { tree: nodes, gains };
}

function mostPromising(open: readonly OpenLeaf[]): number {
  let best = -1;
  for (const [index, { split }] of open.entries()) {
    if (split !== null && split.gain > (open[best]?.split?.gain ?? 0)) best = index;
  }
  return best;
}

function numberRows(memory: WebAssembly.Memory, at: number, count: number, first: number): void {
  const rows = new Uint32Array(memory.buffer, at, count);
  for (let row = 0; row < count; row++) rows[row] = first + row;
}

class NodeList implements TreeArrays {
  readonly feature: number[] = [];
  readonly threshold: number[] = [];
  readonly missingLeft: number[] = [];
  readonly left: number[] = [];
  readonly right: number[] = [];
  readonly value: number[] = [];

  add(): number {
    this.feature.push(-1);
    this.threshold.push(0);
    this.missingLeft.push(0);
    this.left.push(0);
    this.right.push(0);
    this.value.push(0);
    return this.feature.length - 1;
  }

  decide(node: number, split: Split, edges: Float32Array, left: number, right: number): void {
    this.feature[node] = split.feature;
    // A split after the last bin parts the missing values from all others.
    this.threshold[node] = split.bin >= edges.length - 1 ? Number.POSITIVE_INFINITY : edges[split.bin]!;
    this.missingLeft[node] = split.missingLeft;
    this.left[node] = left;
    this.right[node] = right;
  }

  finish(node: number, value: number): void {
    this.value[node] = value;
  }
}
