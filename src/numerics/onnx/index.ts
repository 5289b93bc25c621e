export { calibrationNodes, withCalibration } from './calibration-graph.ts';
export { type EmbeddedModel, embeddedModel, modernised } from './embedded-model.ts';
export { linearGraph } from './linear-graph.ts';
export { type Graph, type Node, writeModel } from './model.ts';
export { networkGraph } from './network-graph.ts';
export { withPreprocessing } from './preprocessing-graph.ts';
export { type GraphValue, type ReadModel, readModel } from './read-model.ts';
export { type TreeArrays, type TreeEnsemble, treesGraph } from './tree-graph.ts';
