export { calibrationNodes, calibrationToOnnx } from './calibration-graph.ts';
export { linearGraph, linearToOnnx } from './linear-graph.ts';
export { networkGraph, networkToOnnx } from './network-graph.ts';
export { withPreprocessing } from './preprocessing-graph.ts';
export { type TreeArrays, type TreeEnsemble, treesToOnnx } from './tree-graph.ts';
