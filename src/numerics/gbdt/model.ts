import type { MatrixRows } from '../linear/index.ts';
import type { TreeArrays } from '../onnx/index.ts';
import { applyLink, type Link, type Objective } from './objective.ts';
import { TreeBuilder } from './tree-builder.ts';

export interface GbdtModel {
  readonly objective: Objective;
  /** How scores become predictions. */
  readonly link: Link;
  readonly features: number;
  /** Scores of a row: one, or one per class. */
  readonly outputs: number;
  /** Scores before any tree, one per output, in float32. */
  readonly baseValues: readonly number[];
  /** Round by round; tree t adds to output t mod `outputs`. */
  readonly trees: readonly TreeArrays[];
  /** Per feature: the sum of the loss reductions of all splits on it, and their number. */
  readonly importance: { readonly gain: Float64Array; readonly splits: Float64Array };
}

/** Raw scores of the rows, one list per output. */
export function scoreGbdt(model: GbdtModel, { matrix, rows, from, to }: MatrixRows): Float64Array[] {
  const scores = model.baseValues.map((base) => new Float64Array(to - from).fill(base));
  for (const [index, tree] of model.trees.entries()) {
    const target = scores[index % model.outputs]!;
    const feature = Int32Array.from(tree.feature);
    const threshold = Float32Array.from(tree.threshold);
    const missingLeft = Uint8Array.from(tree.missingLeft);
    const left = Int32Array.from(tree.left);
    const right = Int32Array.from(tree.right);
    const value = Float32Array.from(tree.value);
    const sets = tree.categories.map((categories) => (categories === null ? null : new Set(categories)));
    for (let row = from; row < to; row++) {
      let node = 0;
      for (let at = feature[0]!; at >= 0; at = feature[node]!) {
        const x = matrix[at * rows + row]!;
        const set = sets[node]!;
        const goesLeft = Number.isNaN(x)
          ? missingLeft[node] === 1
          : set === null
            ? x <= threshold[node]!
            : set.has(x);
        node = goesLeft ? left[node]! : right[node]!;
      }
      target[row - from]! += value[node]!;
    }
  }
  return scores;
}

/** Predictions of the rows, one list per output: probabilities of a classifier (of class 1, or of each), else values. */
export function predictGbdtOutputs(model: GbdtModel, data: MatrixRows): Float64Array[] {
  const scores = scoreGbdt(model, data);
  applyLink(model.link, scores);
  return scores;
}

/** Predictions of a model of one output. */
export const predictGbdt = (model: GbdtModel, data: MatrixRows): Float64Array =>
  predictGbdtOutputs(model, data)[0]!;

/** A tree that changes nothing: what an output gets that cannot be improved in a round in which others can. */
export function leavesAlone(rows: number): TreeArrays {
  const tree = new TreeBuilder();
  tree.add(rows);
  return tree;
}
