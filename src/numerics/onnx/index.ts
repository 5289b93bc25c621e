export { linearToOnnx } from './linear-graph.ts';
export { INPUT_NAME } from './model.ts';
export { type TreeArrays, type TreeEnsemble, treesToOnnx } from './tree-graph.ts';
