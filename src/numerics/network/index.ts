export { cpuBackend, type NetworkBackend } from './backend.ts';
export { createCpuTrainer } from './cpu-trainer.ts';
export {
  fitNetwork,
  fitNetworkOn,
  type NetworkCheckpoint,
  type NetworkFit,
  type NetworkListener,
} from './fit-network.ts';
export { CLIP_DEVIATIONS, type NetworkInput } from './input.ts';
export { createPredictor, type DenseLayer, type NetworkModel, predictNetwork } from './model.ts';
export type { NetworkOptions, Schedule } from './options.ts';
export { type NetworkPlan, planNetwork } from './plan.ts';
export { helpNetwork, type NetworkTask } from './team-work.ts';
export type { NetworkTrainer } from './trainer.ts';
export { createWebGpuTrainer } from './webgpu/index.ts';
