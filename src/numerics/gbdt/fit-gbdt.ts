import type { MatrixRows } from '../linear/index.ts';
import type { TreeArrays } from '../onnx/index.ts';
import { assignBins, binEdges } from './feature-bins.ts';
import { growTree } from './grow-tree.ts';
import { Arena, loadKernels } from './kernels.ts';
import type { GbdtModel } from './model.ts';
import { HISTOGRAM_BYTES_PER_FEATURE, type Workbench } from './workbench.ts';

export interface FitGbdtOptions {
  /** The whole matrix; `from` and `to` are the training rows. */
  readonly data: MatrixRows;
  /** Rows after which early stopping judges; empty when from equals to. They must begin where the training rows end. */
  readonly validation: { readonly from: number; readonly to: number };
  /** One per row of the whole matrix. */
  readonly labels: Float32Array;
  readonly task: 'binary' | 'regression';
  readonly trees: number;
  readonly leaves: number;
  readonly learningRate: number;
  readonly minRowsPerLeaf: number;
  readonly l2: number;
  /** Trees without a lower validation loss after which growing stops; the best model is kept. */
  readonly earlyStopping?: number | undefined;
  /** Mean losses per row: log loss in nats, or root mean squared error. */
  readonly onTree?: (tree: number, trainLoss: number, validationLoss: number | null) => void;
}

const PADDING_SCORE = 100;
const multipleOf = (count: number, unit: number): number => Math.ceil(count / unit) * unit;

/**
 * Gradient-boosted trees over binned features (Friedman 2001; histograms and leaf-wise growth as in Ke et al. 2017,
 * "LightGBM"). Gradients are rounded to integers before they are summed, so that sums do not depend on their order and
 * the same rows always give the same trees.
 */
export function fitGbdt(options: FitGbdtOptions): GbdtModel {
  const { data, labels, task, validation } = options;
  const { features } = data;
  const train = data.to - data.from;
  const held = validation.to - validation.from;
  const all = train + held;
  const [trainPadded, heldPadded] = [multipleOf(train, 4), multipleOf(held, 4)];
  const groups = Math.ceil(features / 8);
  const stride = 8 + groups * 8;
  const histogramBytes = groups * 8 * HISTOGRAM_BYTES_PER_FEATURE;

  const arena = new Arena();
  const at = {
    out: arena.take(64),
    binCounts: arena.take(features * 2),
    score: arena.take(trainPadded * 4),
    label: arena.take(trainPadded * 4),
    gradient: arena.take(trainPadded * 4),
    heldScore: arena.take(heldPadded * 4),
    heldLabel: arena.take(heldPadded * 4),
    heldGradient: arena.take(heldPadded * 4),
    records: arena.take(trainPadded * stride),
    columns: arena.take(features * all),
    // One row more: the partition writes a row to both sides before it knows which.
    rows: arena.take((train + 1) * 4),
    heldRows: arena.take((held + 1) * 4),
    scratch: arena.take((Math.max(train, held) + 1) * 4),
    histograms: arena.take((options.leaves + 1) * histogramBytes),
  };
  const memory = arena.memory();
  const bytes = new Uint8Array(memory.buffer);
  const kernels = loadKernels(memory);
  const edges = binAll(data, validation.to, {
    bytes,
    columns: at.columns,
    records: at.records,
    stride,
    all,
    train,
  });
  new Uint16Array(memory.buffer, at.binCounts, features).set(edges.map((one) => Math.max(1, one.length)));

  const baseValue = startingScore(labels, data, task);
  fillSide(memory, at.score, at.label, labels.subarray(data.from, data.to), trainPadded, baseValue, task);
  fillSide(
    memory,
    at.heldScore,
    at.heldLabel,
    labels.subarray(validation.from, validation.to),
    heldPadded,
    baseValue,
    task,
  );
  const bench: Workbench = {
    kernels,
    memory,
    at,
    stride,
    groups,
    features,
    all,
    train,
    held,
    histogramBytes,
  };
  const losses = new Float64Array(memory.buffer, at.out, 3);
  const computeGradients = task === 'binary' ? kernels.logisticGradients : kernels.squaredGradients;
  const meanLoss = (sum: number, rows: number): number =>
    task === 'binary' ? sum / rows : Math.sqrt(sum / rows);

  const trees: TreeArrays[] = [];
  const gains: Float64Array[] = [];
  let best = { loss: Number.POSITIVE_INFINITY, trees: 0 };
  computeGradients(at.score, at.label, at.gradient, trainPadded, at.out);
  for (let tree = 1; tree <= options.trees; tree++) {
    const sums = { gradient: losses[1]!, hessian: task === 'binary' ? losses[2]! : train };
    const grown = growTree(bench, options, sums, edges);
    if (grown === null) break;
    trees.push(grown.tree);
    gains.push(grown.gains);
    computeGradients(at.score, at.label, at.gradient, trainPadded, at.out);
    const [lossSum, gradientSum, hessianSum] = losses;
    const trainLoss = meanLoss(lossSum!, train);
    let validationLoss: number | null = null;
    if (held > 0) {
      computeGradients(at.heldScore, at.heldLabel, at.heldGradient, heldPadded, at.out);
      validationLoss = meanLoss(losses[0]!, held);
      [losses[0], losses[1], losses[2]] = [lossSum!, gradientSum!, hessianSum!];
      if (validationLoss < best.loss) best = { loss: validationLoss, trees: tree };
    }
    options.onTree?.(tree, trainLoss, validationLoss);
    if (options.earlyStopping !== undefined && held > 0 && tree - best.trees >= options.earlyStopping) break;
  }
  const kept = options.earlyStopping !== undefined && held > 0 ? best.trees : trees.length;
  const importance = new Float64Array(features);
  for (const gain of gains.slice(0, kept))
    for (let feature = 0; feature < features; feature++) importance[feature]! += gain[feature]!;
  return { task, features, baseValue, trees: trees.slice(0, kept), importance };
}

interface BinTarget {
  readonly bytes: Uint8Array;
  readonly columns: number;
  readonly records: number;
  readonly stride: number;
  readonly all: number;
  readonly train: number;
}

/** Bins every feature twice over: by column for the partition, by row for the histograms. Gives the bins' edges. */
function binAll(data: MatrixRows, to: number, target: BinTarget): Float32Array[] {
  return Array.from({ length: data.features }, (_, feature) => {
    const edges = binEdges(data, feature);
    const start = target.columns + feature * target.all;
    const column = target.bytes.subarray(start, start + target.all);
    assignBins({ ...data, to }, feature, edges, column);
    let record = target.records + 8 + feature;
    for (let row = 0; row < target.train; row++, record += target.stride) target.bytes[record] = column[row]!;
    return edges;
  });
}

/** Labels and starting scores of one side, filled up with rows that weigh nothing. */
function fillSide(
  memory: WebAssembly.Memory,
  score: number,
  label: number,
  labels: Float32Array,
  padded: number,
  base: number,
  task: 'binary' | 'regression',
): void {
  const scores = new Float32Array(memory.buffer, score, padded);
  const values = new Float32Array(memory.buffer, label, padded);
  values.set(labels);
  scores.fill(base, 0, labels.length);
  scores.fill(task === 'binary' ? PADDING_SCORE : 0, labels.length);
  values.fill(task === 'binary' ? 1 : 0, labels.length);
}

function startingScore(
  labels: Float32Array,
  { from, to }: MatrixRows,
  task: 'binary' | 'regression',
): number {
  let sum = 0;
  for (let row = from; row < to; row++) sum += labels[row]!;
  const mean = sum / (to - from);
  return Math.fround(task === 'binary' ? Math.log(mean / (1 - mean)) : mean);
}
