import type { MatrixRows } from '../linear/index.ts';
import type { TreeArrays } from '../onnx/index.ts';
import type { GbdtModel } from './model.ts';

/** What each feature adds to the raw scores of the rows (log odds, logarithms of means, or the label's own scale). */
export interface ShapleyValues {
  /** Mean score over the training rows, as the trees count them: one per output. */
  readonly expected: readonly number[];
  /** One matrix per output, row-major: feature f of row r is at `r * features + f`. */
  readonly contributions: readonly Float64Array[];
}

/**
 * Shapley values of every row's score by the path-dependent TreeSHAP (Lundberg, Erion and Lee 2018, "Consistent
 * individualized feature attribution for tree ensembles", algorithm 2): a feature that is not known sends a row both ways, in
 * the proportion of the training rows. Expected score plus all contributions is the score.
 */
export function explainGbdt(model: GbdtModel, data: MatrixRows): ShapleyValues {
  const rows = data.to - data.from;
  const contributions = model.baseValues.map(() => new Float64Array(rows * model.features));
  const expected = [...model.baseValues];
  for (const [index, tree] of model.trees.entries()) {
    const output = index % model.outputs;
    expected[output]! += expectedValue(tree, 0);
    const walk = new TreeWalk(tree);
    for (let row = 0; row < rows; row++)
      walk.explain(
        data,
        data.from + row,
        contributions[output]!.subarray(row * model.features, (row + 1) * model.features),
      );
  }
  return { expected, contributions };
}

function expectedValue(tree: TreeArrays, node: number): number {
  if (tree.feature[node]! < 0) return tree.value[node]!;
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  const sum = tree.cover[left]! * expectedValue(tree, left) + tree.cover[right]! * expectedValue(tree, right);
  return sum / tree.cover[node]!;
}

function depthOf(tree: TreeArrays, node: number): number {
  if (tree.feature[node]! < 0) return 0;
  return 1 + Math.max(depthOf(tree, tree.left[node]!), depthOf(tree, tree.right[node]!));
}

/**
 * One tree, walked row by row. A path is a list of features met, each with the share of sets that flow on when the feature is
 * unknown (`zero`) and whether the row flows on when it is known (`one`), and weights of the subsets by their size. Every
 * level of the tree has its own copy of the path.
 */
class TreeWalk {
  readonly #tree: TreeArrays;
  readonly #sets: readonly (ReadonlySet<number> | null)[];
  readonly #width: number;
  readonly #feature: Int32Array;
  readonly #zero: Float64Array;
  readonly #one: Float64Array;
  readonly #weight: Float64Array;

  constructor(tree: TreeArrays) {
    this.#tree = tree;
    this.#sets = tree.categories.map((categories) => (categories === null ? null : new Set(categories)));
    this.#width = depthOf(tree, 0) + 2;
    const size = this.#width * this.#width;
    this.#feature = new Int32Array(size);
    this.#zero = new Float64Array(size);
    this.#one = new Float64Array(size);
    this.#weight = new Float64Array(size);
  }

  explain(data: MatrixRows, row: number, target: Float64Array): void {
    this.#visit(data, row, target, 0, 0, 0, 1, 1, -1);
  }

  #visit(
    data: MatrixRows,
    row: number,
    target: Float64Array,
    node: number,
    level: number,
    length: number,
    zero: number,
    one: number,
    feature: number,
  ): void {
    const tree = this.#tree;
    const path = level * this.#width;
    if (level > 0) this.#copy(path - this.#width, path, length);
    this.#extend(path, length, zero, one, feature);
    const decides = tree.feature[node]!;
    if (decides < 0) {
      for (let index = 1; index <= length; index++) {
        const at = path + index;
        const share = this.#sumWithout(path, length, index) * (this.#one[at]! - this.#zero[at]!);
        target[this.#feature[at]!]! += share * tree.value[node]!;
      }
      return;
    }
    const hot = this.#goesLeft(node, data.matrix[decides * data.rows + row]!)
      ? tree.left[node]!
      : tree.right[node]!;
    const cold = hot === tree.left[node]! ? tree.right[node]! : tree.left[node]!;
    let [seenZero, seenOne, inner] = [1, 1, length];
    for (let index = 1; index <= length; index++) {
      if (this.#feature[path + index] !== decides) continue;
      // Met before on this path: its earlier part is taken out and joined with the new one.
      seenZero = this.#zero[path + index]!;
      seenOne = this.#one[path + index]!;
      this.#unwind(path, length, index);
      inner--;
      break;
    }
    const share = (child: number): number => (seenZero * tree.cover[child]!) / tree.cover[node]!;
    this.#visit(data, row, target, hot, level + 1, inner + 1, share(hot), seenOne, decides);
    this.#visit(data, row, target, cold, level + 1, inner + 1, share(cold), 0, decides);
  }

  #goesLeft(node: number, value: number): boolean {
    if (Number.isNaN(value)) return this.#tree.missingLeft[node] === 1;
    const set = this.#sets[node]!;
    return set === null ? value <= this.#tree.threshold[node]! : set.has(value);
  }

  #copy(from: number, to: number, length: number): void {
    for (const list of [this.#feature, this.#zero, this.#one, this.#weight])
      list.copyWithin(to, from, from + length);
  }

  #extend(path: number, length: number, zero: number, one: number, feature: number): void {
    const weight = this.#weight;
    this.#feature[path + length] = feature;
    this.#zero[path + length] = zero;
    this.#one[path + length] = one;
    weight[path + length] = length === 0 ? 1 : 0;
    for (let i = length - 1; i >= 0; i--) {
      weight[path + i + 1]! += (one * weight[path + i]! * (i + 1)) / (length + 1);
      weight[path + i] = (zero * weight[path + i]! * (length - i)) / (length + 1);
    }
  }

  /** Undoes the extension by one feature, wherever on the path it was. */
  #unwind(path: number, length: number, index: number): void {
    const weight = this.#weight;
    const [zero, one] = [this.#zero[path + index]!, this.#one[path + index]!];
    let next = weight[path + length]!;
    for (let i = length - 1; i >= 0; i--) {
      if (one === 0) weight[path + i] = (weight[path + i]! * (length + 1)) / (zero * (length - i));
      else {
        const before = weight[path + i]!;
        weight[path + i] = (next * (length + 1)) / ((i + 1) * one);
        next = before - (weight[path + i]! * zero * (length - i)) / (length + 1);
      }
    }
    for (const list of [this.#feature, this.#zero, this.#one])
      list.copyWithin(path + index, path + index + 1, path + length + 1);
  }

  /** The sum of all weights after such an undoing, without doing it. */
  #sumWithout(path: number, length: number, index: number): number {
    const [zero, one] = [this.#zero[path + index]!, this.#one[path + index]!];
    let total = 0;
    let next = this.#weight[path + length]!;
    for (let i = length - 1; i >= 0; i--) {
      if (one === 0) total += (this.#weight[path + i]! * (length + 1)) / (zero * (length - i));
      else {
        const undone = (next * (length + 1)) / ((i + 1) * one);
        total += undone;
        next = this.#weight[path + i]! - (undone * zero * (length - i)) / (length + 1);
      }
    }
    return total;
  }
}
