export { createWebGpuTrainer } from './webgpu-trainer.ts';
