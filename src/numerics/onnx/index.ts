export { calibrationNodes, calibrationToOnnx } from './calibration-graph.ts';
export { linearToOnnx } from './linear-graph.ts';
export { networkToOnnx } from './network-graph.ts';

export { type TreeArrays, type TreeEnsemble, treesToOnnx } from './tree-graph.ts';
