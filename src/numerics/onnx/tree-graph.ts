import { type Graph, INPUT_NAME, type Node, writeModel } from './model.ts';

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
}

export interface TreeEnsemble {
  readonly task: 'binary' | 'regression';
  readonly features: number;
  readonly baseValue: number;
  readonly trees: readonly TreeArrays[];
}

/** A sum of trees in the ai.onnx.ml form, TreeEnsembleRegressor version 3; a classifier ends in the logistic function. */
export function treesToOnnx(ensemble: TreeEnsemble): Uint8Array {
  const binary = ensemble.task === 'binary';
  const output = binary ? 'probability' : 'prediction';
  const nodes: Node[] = [treeNode(ensemble, binary ? 'score' : output)];
  if (binary) nodes.push({ operator: 'Sigmoid', inputs: ['score'], outputs: [output] });
  const graph: Graph = { features: ensemble.features, output, nodes, constants: [] };
  return writeModel(graph);
}

function treeNode({ trees, baseValue }: TreeEnsemble, output: string): Node {
  const treeIds: number[] = [];
  const nodeIds: number[] = [];
  const features: number[] = [];
  const modes: string[] = [];
  const thresholds: number[] = [];
  const trueIds: number[] = [];
  const falseIds: number[] = [];
  const missing: number[] = [];
  const leafTrees: number[] = [];
  const leafNodes: number[] = [];
  const weights: number[] = [];
  for (const [tree, arrays] of trees.entries()) {
    for (let node = 0; node < arrays.feature.length; node++) {
      const isLeaf = arrays.feature[node]! < 0;
      treeIds.push(tree);
      nodeIds.push(node);
      modes.push(isLeaf ? 'LEAF' : 'BRANCH_LEQ');
      features.push(isLeaf ? 0 : arrays.feature[node]!);
      thresholds.push(isLeaf ? 0 : arrays.threshold[node]!);
      trueIds.push(isLeaf ? 0 : arrays.left[node]!);
      falseIds.push(isLeaf ? 0 : arrays.right[node]!);
      missing.push(isLeaf ? 0 : arrays.missingLeft[node]!);
      if (isLeaf) {
        leafTrees.push(tree);
        leafNodes.push(node);
        weights.push(arrays.value[node]!);
      }
    }
  }
  return {
    operator: 'TreeEnsembleRegressor',
    domain: 'ai.onnx.ml',
    inputs: [INPUT_NAME],
    outputs: [output],
    attributes: [
      { name: 'aggregate_function', text: 'SUM' },
      { name: 'base_values', floats: [baseValue] },
      { name: 'n_targets', integer: 1 },
      { name: 'nodes_treeids', integers: treeIds },
      { name: 'nodes_nodeids', integers: nodeIds },
      { name: 'nodes_featureids', integers: features },
      { name: 'nodes_modes', texts: modes },
      { name: 'nodes_values', floats: thresholds },
      { name: 'nodes_truenodeids', integers: trueIds },
      { name: 'nodes_falsenodeids', integers: falseIds },
      { name: 'nodes_missing_value_tracks_true', integers: missing },
      { name: 'post_transform', text: 'NONE' },
      { name: 'target_ids', integers: new Array<number>(weights.length).fill(0) },
      { name: 'target_nodeids', integers: leafNodes },
      { name: 'target_treeids', integers: leafTrees },
      { name: 'target_weights', floats: weights },
    ],
  };
}
