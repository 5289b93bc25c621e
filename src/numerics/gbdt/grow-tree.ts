import type { TreeArrays } from '../onnx/index.ts';
import type { ThreadTeam } from '../threads/index.ts';
import { LEAF_NUMBERS } from './fit-plan.ts';
import { HISTOGRAM_BYTES } from './kernels.ts';
import { renewedValue } from './leaf-renewal.ts';
import type { GrowSettings } from './options.ts';
import { describeLeaf, leafValue, type SearchLimits, searchLimits } from './search-limits.ts';
import { readSplit, type Split, toDecision } from './split.ts';
import { COMMAND, type ThreadWork } from './thread-work.ts';
import { TreeBuilder } from './tree-builder.ts';

export interface TreeRequest {
  readonly output: number;
  /** What quantised gradients and hessians were multiplied by. */
  readonly scales: { readonly gradient: number; readonly hessian: number };
  /** Seed of the rows' draw, and the chance of each in units of 2⁻³². */
  readonly sample: { readonly seed: number; readonly limit: number };
  readonly monotone: readonly number[] | undefined;
  readonly leafQuantile: number | null;
}

export interface GrownTree {
  readonly tree: TreeArrays;
  /** Loss reductions of the splits on each feature, and their number. */
  readonly gains: Float64Array;
  readonly splits: Float64Array;
}

interface OpenLeaf {
  readonly slot: number;
  readonly node: number;
  readonly depth: number;
  readonly rows: number;
  readonly gradient: number;
  readonly hessian: number;
  /** Shrinks the leaf's value: more than elsewhere below a set of categories. */
  readonly l2: number;
  readonly lower: number;
  readonly upper: number;
  readonly split: Split | null;
}

/** Work of a split below which waking other threads costs more than they save. */
const ALONE_BELOW_NANOSECONDS = 60_000;

/**
 * Grows one tree leaf by leaf, always splitting where the loss falls most, and adds its values to the scores of all rows.
 * Null when no split lowers the loss; scores are then as before.
 */
export function growTree(
  team: ThreadTeam,
  work: ThreadWork,
  settings: GrowSettings,
  request: TreeRequest,
): GrownTree | null {
  const { plan, command } = work;
  const { scales } = request;
  command.set([request.output, scales.gradient, scales.hessian, request.sample.seed, request.sample.limit]);
  lead(team, work, COMMAND.root);
  const rows = work.countRows(0);
  if (rows === 0) return null;
  const total = rootSums(team, work);
  const limits = searchLimits(settings, rows, scales);
  const gainUnit = scales.hessian / scales.gradient ** 2;

  const describe = (child: 0 | 1, leaf: Omit<OpenLeaf, 'split'>): boolean => {
    if (leaf.depth >= settings.maxDepth || leaf.hessian < 2 * limits.leastHessian) return false;
    const isConstrained = request.monotone !== undefined || limits.l1 > 0;
    work.leaves.set(describeLeaf(leaf, limits, isConstrained), child * LEAF_NUMBERS);
    return true;
  };
  const tree = new TreeBuilder();
  const root = {
    slot: 0,
    node: tree.add(rows),
    depth: 0,
    rows,
    ...total,
    l2: limits.l2,
    lower: Number.NEGATIVE_INFINITY,
    upper: Number.POSITIVE_INFINITY,
  };
  const searchRoot = describe(0, root);
  lead(team, work, COMMAND.searchRoot);
  const open: OpenLeaf[] = [{ ...root, split: searchRoot ? readSplit(team, work, 0, gainUnit) : null }];
  if (open[0]!.split === null) return null;

  const gains = new Float64Array(plan.features);
  const splits = new Float64Array(plan.features);
  while (open.length < plan.slots) {
    const index = mostPromising(open);
    if (index < 0) break;
    const leaf = open[index]!;
    const split = leaf.split!;
    gains[split.feature]! += split.gain;
    splits[split.feature]!++;
    const fresh = open.length;
    const leftIsSmaller = 2 * split.leftHessian <= leaf.hessian;
    const [left, right] = children(leaf, split, limits, plan.categorical, request.monotone, work);
    const place = (isLeft: boolean): number => (isLeft === leftIsSmaller ? fresh : leaf.slot);
    const searchLeft = describe(0, { ...leaf, ...left, slot: place(true), depth: leaf.depth + 1 });
    const searchRight = describe(1, { ...leaf, ...right, slot: place(false), depth: leaf.depth + 1 });
    command.set([
      leaf.slot,
      fresh,
      split.feature,
      split.bin,
      split.missingLeft ? 1 : 0,
      split.set === null ? 0 : 1,
      leftIsSmaller ? 1 : 0,
      searchLeft ? 1 : 0,
      searchRight ? 1 : 0,
    ]);
    if (split.set !== null) new Uint8Array(work.buffer, plan.at.leafSet, 32).set(split.set);
    const smallerShare = Math.min(split.leftHessian, leaf.hessian - split.leftHessian) / leaf.hessian;
    const nanoseconds = leaf.rows * (2 + smallerShare * plan.features * 0.5) + plan.features * 512;
    const alone = team.size === 1 || nanoseconds < ALONE_BELOW_NANOSECONDS;
    if (alone) splitAlone(team, work);
    else lead(team, work, COMMAND.split);
    const child = (isLeft: boolean): OpenLeaf => {
      const childRows = work.countRows(place(isLeft));
      const searched = isLeft ? searchLeft : searchRight;
      return {
        ...leaf,
        ...(isLeft ? left : right),
        slot: place(isLeft),
        depth: leaf.depth + 1,
        rows: childRows,
        node: tree.add(childRows),
        split: searched ? readSplit(team, work, isLeft ? 0 : 1, gainUnit, alone) : null,
      };
    };
    const both = [child(true), child(false)] as const;
    tree.decide(leaf.node, toDecision(work, split), both[0].node, both[1].node);
    open.splice(index, 1, ...both);
  }

  for (const leaf of open) {
    const step =
      request.leafQuantile === null
        ? (leafValue(leaf.gradient, leaf.hessian, leaf.l2, limits, leaf) * scales.hessian) / scales.gradient
        : renewedValue(team, work, leaf.slot, request.leafQuantile);
    const value = Math.fround(settings.learningRate * step);
    tree.finish(leaf.node, value);
    work.leafValues[leaf.slot] = value;
  }
  command.set([request.output, open.length]);
  lead(team, work, COMMAND.finishTree);
  return { tree, gains, splits };
}

/** Has all threads do their share of a command, this one too, and waits for the last. */
export function lead(team: ThreadTeam, work: ThreadWork, command: number): void {
  team.lead(command, () => work.run(command));
}

/** A split that the leader makes by itself, over the rows of all threads. */
function splitAlone(team: ThreadTeam, work: ThreadWork): void {
  const { plan, kernels } = work;
  const [slot, fresh, , , , , leftIsSmaller, searchLeft, searchRight] = work.command;
  const histogram = work.histogramOf(fresh!);
  work.clear(histogram);
  for (let thread = 0; thread < team.size; thread++) {
    work.partition(thread);
    work.accumulate(fresh!, thread, histogram);
  }
  kernels.subtract(work.histogramOf(slot!), histogram, plan.features * HISTOGRAM_BYTES);
  if (searchLeft === 1) work.search(leftIsSmaller === 1 ? fresh! : slot!, 0, 0, plan.features);
  if (searchRight === 1) work.search(leftIsSmaller === 1 ? slot! : fresh!, 1, 0, plan.features);
}

/** Sums and bounds of both children. */
function children(
  leaf: OpenLeaf,
  split: Split,
  limits: SearchLimits,
  categorical: readonly boolean[],
  monotone: readonly number[] | undefined,
  work: ThreadWork,
): readonly [ChildLimits, ChildLimits] {
  const isBigSet = categorical[split.feature]! && work.binsOf(split.feature) > FEW_CATEGORIES;
  const l2 = limits.l2 + (isBigSet ? limits.categoryL2 : 0);
  const { lower, upper } = leaf;
  const left = { gradient: split.leftGradient, hessian: split.leftHessian, l2, lower, upper };
  const right = {
    gradient: leaf.gradient - split.leftGradient,
    hessian: leaf.hessian - split.leftHessian,
    l2,
    lower,
    upper,
  };
  const direction = monotone?.[split.feature] ?? 0;
  if (direction === 0) return [left, right];
  // Whatever comes below, all of one side stays under the middle and all of the other above it.
  const middle =
    (leafValue(left.gradient, left.hessian, l2, limits, leaf) +
      leafValue(right.gradient, right.hessian, l2, limits, leaf)) /
    2;
  return direction > 0
    ? [
        { ...left, upper: middle },
        { ...right, lower: middle },
      ]
    : [
        { ...left, lower: middle },
        { ...right, upper: middle },
      ];
}

type ChildLimits = Pick<OpenLeaf, 'gradient' | 'hessian' | 'l2' | 'lower' | 'upper'>;

/** Up to so many categories are tried one against the rest, as the kernel does. */
const FEW_CATEGORIES = 4;

/** Every row is in one bin of the first feature. */
function rootSums(team: ThreadTeam, work: ThreadWork): { gradient: number; hessian: number } {
  let gradient = 0;
  let hessian = 0;
  for (let thread = 0; thread < team.size; thread++) {
    const at = team.size === 1 ? work.histogramOf(0) : work.threadHistogram(thread);
    const words = new Int32Array(work.buffer, at, 512);
    for (let word = 0; word < words.length; word += 2) {
      hessian += words[word]! >>> 0;
      gradient += words[word + 1]!;
    }
  }
  return { gradient, hessian };
}

function mostPromising(open: readonly OpenLeaf[]): number {
  let best = -1;
  for (const [index, { split }] of open.entries()) {
    if (split !== null && split.gain > (open[best]?.split?.gain ?? 0)) best = index;
  }
  return best;
}
