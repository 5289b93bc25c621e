import type { MatrixRows } from '../linear/index.ts';
import type { TreeArrays } from '../onnx/index.ts';

export interface GbdtModel {
  readonly task: 'binary' | 'regression';
  readonly features: number;
  /** Score before any tree: log odds of the label, or its mean. */
  readonly baseValue: number;
  readonly trees: readonly TreeArrays[];
  /** Sum of the loss reductions of all splits on each feature. */
  readonly importance: Float64Array;
}

/** Probabilities of a classifier, else predicted values. */
export function predictGbdt(model: GbdtModel, { matrix, rows, from, to }: MatrixRows): Float64Array {
  const scores = new Float64Array(to - from).fill(model.baseValue);
  for (const tree of model.trees) {
    const feature = Int32Array.from(tree.feature);
    const threshold = Float32Array.from(tree.threshold);
    const missingLeft = Uint8Array.from(tree.missingLeft);
    const left = Int32Array.from(tree.left);
    const right = Int32Array.from(tree.right);
    const value = Float32Array.from(tree.value);
    for (let row = from; row < to; row++) {
      let node = 0;
      for (let at = feature[0]!; at >= 0; at = feature[node]!) {
        const x = matrix[at * rows + row]!;
        const goesLeft = x <= threshold[node]! || (Number.isNaN(x) && missingLeft[node] === 1);
        node = goesLeft ? left[node]! : right[node]!;
      }
      scores[row - from]! += value[node]!;
    }
  }
  if (model.task === 'regression') return scores;
  return scores.map((score) => 1 / (1 + Math.exp(-score)));
}
