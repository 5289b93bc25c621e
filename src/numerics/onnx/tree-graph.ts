import { type Graph, INPUT_NAME, type Node } from './model.ts';

/** One binary tree as parallel arrays; node 0 is the root. */
export interface TreeArrays {
  /** Feature of a decision; -1 marks a leaf. */
  readonly feature: ArrayLike<number>;
  /** A row goes left when its value is at most this float32 number. */
  readonly threshold: ArrayLike<number>;
  /** 1 where a missing value goes left. */
  readonly missingLeft: ArrayLike<number>;
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
  /** What a leaf adds to the score. */
  readonly value: ArrayLike<number>;
  /** Training rows that reached each node. */
  readonly cover: ArrayLike<number>;
  /**
   * For each node the categories that go left, whole numbers; null where the threshold decides. A category that is not
   * named, known or not, goes right.
   */
  readonly categories: readonly (readonly number[] | null)[];
}

export interface TreeEnsemble {
  readonly link: 'identity' | 'logistic' | 'softmax' | 'exponential';
  readonly features: number;
  /** Scores of a row; tree t adds to score t mod `outputs`. */
  readonly outputs: number;
  readonly baseValues: readonly number[];
  readonly trees: readonly TreeArrays[];
}

const LINKS = {
  identity: { output: 'prediction', operator: null },
  exponential: { output: 'prediction', operator: 'Exp' },
  logistic: { output: 'probability', operator: 'Sigmoid' },
  softmax: { output: 'probabilities', operator: 'Softmax' },
} as const;

/**
 * A sum of trees in the ai.onnx.ml form, TreeEnsembleRegressor version 3, then the link: one column of predictions or
 * of class 1's probabilities, or one column per class.
 */
export function treesGraph(ensemble: TreeEnsemble): Graph {
  const { output, operator } = LINKS[ensemble.link];
  const nodes: Node[] = [treeNode(ensemble, operator === null ? output : 'score')];
  if (operator !== null) nodes.push({ operator, inputs: ['score'], outputs: [output] });
  const { features, outputs } = ensemble;
  return { features, output, outputColumns: outputs, nodes, constants: [] };
}

/** No category equals it. */
const NO_CATEGORY = 0.5;

interface NodeRow {
  readonly tree: number;
  readonly id: number;
  readonly mode: 'LEAF' | 'BRANCH_LEQ' | 'BRANCH_EQ';
  readonly feature: number;
  readonly value: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly missingTrue: number;
}

const leafRow = (tree: number, id: number): NodeRow => ({
  tree,
  id,
  mode: 'LEAF',
  feature: 0,
  value: 0,
  whenTrue: 0,
  whenFalse: 0,
  missingTrue: 0,
});

/**
 * The decisions of one tree. A set of categories becomes a chain of comparisons that all lead to the same left child; its
 * further nodes are numbered behind those of the tree.
 */
function* nodeRows(tree: number, arrays: TreeArrays): Generator<NodeRow> {
  let further = arrays.feature.length;
  for (let node = 0; node < arrays.feature.length; node++) {
    const feature = arrays.feature[node]!;
    if (feature < 0) {
      yield leafRow(tree, node);
      continue;
    }
    const missingTrue = arrays.missingLeft[node]!;
    const [whenTrue, right] = [arrays.left[node]!, arrays.right[node]!];
    const categories = arrays.categories[node] ?? null;
    if (categories === null) {
      const value = arrays.threshold[node]!;
      yield { tree, id: node, mode: 'BRANCH_LEQ', feature, value, whenTrue, whenFalse: right, missingTrue };
      continue;
    }
    const values = categories.length === 0 ? [NO_CATEGORY] : categories;
    for (const [index, value] of values.entries()) {
      const id = index === 0 ? node : further++;
      const whenFalse = index === values.length - 1 ? right : further;
      yield { tree, id, mode: 'BRANCH_EQ', feature, value, whenTrue, whenFalse, missingTrue };
    }
  }
}

function treeNode({ trees, baseValues, outputs }: TreeEnsemble, output: string): Node {
  // Without a leaf for an output, a runtime leaves its base value out.
  const rows =
    trees.length === 0
      ? baseValues.map((_, output) => leafRow(output, 0))
      : trees.flatMap((tree, index) => [...nodeRows(index, tree)]);
  const leaves = rows.filter(({ mode }) => mode === 'LEAF');
  const integers = (name: string, from: readonly NodeRow[], of: (row: NodeRow) => number) => ({
    name,
    integers: from.map(of),
  });
  return {
    operator: 'TreeEnsembleRegressor',
    domain: 'ai.onnx.ml',
    inputs: [INPUT_NAME],
    outputs: [output],
    attributes: [
      { name: 'aggregate_function', text: 'SUM' },
      { name: 'base_values', floats: baseValues },
      { name: 'n_targets', integer: outputs },
      integers('nodes_treeids', rows, ({ tree }) => tree),
      integers('nodes_nodeids', rows, ({ id }) => id),
      integers('nodes_featureids', rows, ({ feature }) => feature),
      { name: 'nodes_modes', texts: rows.map(({ mode }) => mode) },
      { name: 'nodes_values', floats: rows.map(({ value }) => value) },
      integers('nodes_truenodeids', rows, ({ whenTrue }) => whenTrue),
      integers('nodes_falsenodeids', rows, ({ whenFalse }) => whenFalse),
      integers('nodes_missing_value_tracks_true', rows, ({ missingTrue }) => missingTrue),
      { name: 'post_transform', text: 'NONE' },
      integers('target_ids', leaves, ({ tree }) => tree % outputs),
      integers('target_nodeids', leaves, ({ id }) => id),
      integers('target_treeids', leaves, ({ tree }) => tree),
      { name: 'target_weights', floats: leaves.map(({ tree, id }) => trees[tree]?.value[id] ?? 0) },
    ],
  };
}
