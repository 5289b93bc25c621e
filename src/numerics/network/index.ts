export { cpuBackend, type NetworkBackend } from './backend.ts';
export { fitNetwork, type NetworkCheckpoint, type NetworkFit, type NetworkListener } from './fit-network.ts';
export { CLIP_DEVIATIONS, type NetworkInput } from './input.ts';
export { createPredictor, type DenseLayer, type NetworkModel, predictNetwork } from './model.ts';
export type { NetworkOptions, Schedule } from './options.ts';
export { helpNetwork, type NetworkTask } from './team-work.ts';
