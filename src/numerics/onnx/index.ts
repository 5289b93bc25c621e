export { calibrationNodes, calibrationToOnnx, withCalibration } from './calibration-graph.ts';
export { linearGraph, linearToOnnx } from './linear-graph.ts';
export { type Graph, writeModel } from './model.ts';
export { networkGraph, networkToOnnx } from './network-graph.ts';
export { withPreprocessing } from './preprocessing-graph.ts';
export { type TreeArrays, type TreeEnsemble, treesGraph, treesToOnnx } from './tree-graph.ts';
