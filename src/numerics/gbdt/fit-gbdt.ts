import type { TreeArrays } from '../onnx/index.ts';
import { type ThreadHost, ThreadTeam } from '../threads/index.ts';
import { blocksOf, makeMemory, planFit } from './fit-plan.ts';
import type { FitTask } from './fit-task.ts';
import { growTree, lead } from './grow-tree.ts';
import { loadKernels } from './kernels.ts';
import { type GbdtModel, leavesAlone } from './model.ts';
import { startingScores, traitsOf } from './objective.ts';
import { checkOptions, type FitGbdtOptions, growSettings } from './options.ts';
import { chooseColumns, roundSeed } from './sampling.ts';
import { COMMAND, claimFeatures, ThreadWork } from './thread-work.ts';

/** Fewer cells than this are fitted before another thread has started. */
const ALONE_BELOW_CELLS = 200_000;

/**
 * Gradient-boosted trees over binned features (Friedman 2001; histograms, leaf-wise growth and sets of categories as in Ke
 * et al. 2017, "LightGBM"). Gradients are rounded to integers before they are summed and all other sums have a fixed order,
 * so that the same rows, options and seed give the same trees, bit for bit, with any number of threads.
 *
 * Threads help where the matrix lies in shared memory and the work is worth it.
 *
 * @throws BAD_INPUT naming the option, LABEL_UNUSABLE naming the row, OUT_OF_MEMORY.
 */
export function fitGbdt(options: FitGbdtOptions, threads?: ThreadHost<FitTask>): GbdtModel {
  checkOptions(options);
  const { data } = options;
  const worthHelp = (data.to - data.from) * data.features >= ALONE_BELOW_CELLS;
  const canHelp = threads !== undefined && data.matrix.buffer instanceof SharedArrayBuffer;
  const helpers = canHelp && worthHelp ? threads.helpers : 0;
  const plan = planFit(options, 1 + helpers);
  const memory = makeMemory(plan);
  const team = new ThreadTeam(memory.buffer, plan.at.control, threads?.nowMicros ?? (() => 0));
  if (helpers > 0) threads?.start({ memory, plan });
  let failed = true;
  try {
    const kernels = loadKernels(memory, plan.features);
    const weightSums = fillRows(options, plan, memory.buffer);
    claimFeatures(plan, kernels, memory.buffer, team, 0);
    team.close(plan.features, helpers, threads?.patienceMs ?? 0);
    threads?.formed?.(team.size);
    const work = new ThreadWork(plan, kernels, memory.buffer, team, 0);
    lead(team, work, COMMAND.records);
    const model = boost(options, team, work, weightSums);
    failed = false;
    return model;
  } finally {
    team.dismiss(COMMAND.end, failed);
  }
}

interface WeightSums {
  readonly train: number;
  readonly held: number;
  readonly baseValues: readonly number[];
}

/** Writes labels, weights and starting scores of all rows. */
function fillRows(
  options: FitGbdtOptions,
  plan: ReturnType<typeof planFit>,
  buffer: ArrayBufferLike,
): WeightSums {
  const { data, validation, labels } = options;
  const label = new Float32Array(buffer, plan.at.label, plan.rows);
  label.set(labels.subarray(data.from, data.to));
  label.set(labels.subarray(validation.from, validation.to), plan.heldStart);
  const weight =
    plan.at.weight === 0
      ? new Float32Array(plan.rows).fill(1)
      : new Float32Array(buffer, plan.at.weight, plan.rows);
  const fill = (from: number, start: number, count: number): number => {
    let sum = 0;
    for (let row = 0; row < count; row++) {
      const ofClass = options.classWeights?.[label[start + row]!] ?? 1;
      weight[start + row] = (options.weights?.[from + row] ?? 1) * ofClass;
      sum += weight[start + row]!;
    }
    return sum;
  };
  const train = fill(data.from, 0, plan.train);
  const held = fill(validation.from, plan.heldStart, plan.held);
  const baseValues = startingScores(
    options.objective,
    label.subarray(0, plan.train),
    weight.subarray(0, plan.train),
  );
  for (const [output, base] of baseValues.entries())
    new Float32Array(buffer, plan.at.score + output * plan.rows * 4, plan.rows).fill(base);
  return { train, held, baseValues };
}

function boost(options: FitGbdtOptions, team: ThreadTeam, work: ThreadWork, weights: WeightSums): GbdtModel {
  const { plan } = work;
  const { objective, earlyStopping } = options;
  const traits = traitsOf(objective);
  const settings = growSettings(options);
  const stops = earlyStopping !== undefined && plan.held > 0;
  const rounds: { trees: TreeArrays[]; gains: Float64Array[]; splits: Float64Array[] }[] = [];
  let best = { loss: Number.POSITIVE_INFINITY, rounds: 0 };
  lead(team, work, COMMAND.gradients);
  for (let round = 1; round <= options.trees; round++) {
    const sums = blockSums(work);
    const seed = roundSeed(options.seed ?? 0, round);
    const grown = Array.from({ length: plan.outputs }, (_, output) => {
      chooseColumns(work, options, round * plan.outputs + output);
      return growTree(team, work, settings, {
        output,
        scales: scalesOf(
          plan.train,
          sums.gradients[output]!,
          sums.hessians[output]!,
          plan.at.hessian === 0 && traits.constantHessian,
        ),
        sample: { seed, limit: (options.rowSampling ?? 1) * 2 ** 32 },
        monotone: options.monotone?.some((direction) => direction !== 0) ? options.monotone : undefined,
        leafQuantile: traits.leafQuantile,
      });
    });
    if (grown.every((tree) => tree === null)) break;
    lead(team, work, COMMAND.gradients);
    rounds.push({
      trees: grown.map((one) => one?.tree ?? leavesAlone(plan.train)),
      gains: grown.flatMap((one) => one?.gains ?? []),
      splits: grown.flatMap((one) => one?.splits ?? []),
    });
    const after = blockSums(work);
    const trainLoss = traits.meanLoss(after.trainLoss, weights.train);
    const heldLoss = plan.held === 0 ? null : traits.meanLoss(after.heldLoss, weights.held);
    if (heldLoss !== null && heldLoss < best.loss) best = { loss: heldLoss, rounds: round };
    options.onTree?.(round, trainLoss, heldLoss);
    if (stops && round - best.rounds >= earlyStopping) break;
  }
  const kept = stops ? rounds.slice(0, best.rounds) : rounds;
  const sumOf = (lists: readonly Float64Array[]): Float64Array =>
    Float64Array.from({ length: plan.features }, (_, feature) =>
      lists.reduce((sum, list) => sum + list[feature]!, 0),
    );
  return {
    objective,
    link: traits.link,
    features: plan.features,
    outputs: plan.outputs,
    baseValues: weights.baseValues,
    trees: kept.flatMap(({ trees }) => trees),
    importance: {
      gain: sumOf(kept.flatMap(({ gains }) => gains)),
      splits: sumOf(kept.flatMap(({ splits }) => splits)),
    },
  };
}

/** Sums over all blocks of rows, always in the order of the rows. */
function blockSums({ plan, buffer }: ThreadWork) {
  const width = 1 + 2 * plan.outputs;
  const trainBlocks = blocksOf(plan.train);
  const all = new Float64Array(buffer, plan.at.blockSums, (trainBlocks + blocksOf(plan.held)) * width);
  const gradients = new Float64Array(plan.outputs);
  const hessians = new Float64Array(plan.outputs);
  let [trainLoss, heldLoss] = [0, 0];
  for (let block = 0; block * width < all.length; block++) {
    if (block >= trainBlocks) {
      heldLoss += all[block * width]!;
      continue;
    }
    trainLoss += all[block * width]!;
    for (let output = 0; output < plan.outputs; output++) {
      gradients[output]! += all[block * width + 1 + 2 * output]!;
      hessians[output]! += all[block * width + 2 + 2 * output]!;
    }
  }
  return { trainLoss, heldLoss, gradients, hessians };
}

/** Factors that make gradients and hessians integers whose sums fit 31 and 32 bits: rounding may add half a step per row. */
function scalesOf(
  rows: number,
  gradients: number,
  hessians: number,
  hessiansAreOne: boolean,
): { gradient: number; hessian: number } {
  const scale = (most: number, sum: number): number =>
    Math.fround(Math.min(2 ** 60, (0.98 * (most - rows)) / Math.max(sum, 1e-30)));
  return {
    gradient: scale(2 ** 31, gradients),
    hessian: hessiansAreOne ? 1 : scale(2 ** 32, hessians),
  };
}
