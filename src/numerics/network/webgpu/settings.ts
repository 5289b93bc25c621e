import { BETA1, BETA2 } from '../adam.ts';

/** What changes with each batch, and what a dispatch keeps. Weights of rows are divided by the batch's. */
export const settingsShader = /* wgsl */ `
struct Step { rows: u32, slot: u32, seed: u32, training: u32, rate: f32, first: f32, second: f32, inverseWeight: f32 }
struct Shape { rows: u32, columns: u32, depth: u32, seed: u32, decay: f32, l2: f32 }
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(7) var<uniform> fixed: Shape;
`;

export const STEP_BYTES = 32;

export interface StepSettings {
  readonly rows: number;
  /** Where the batch's losses go. */
  readonly slot: number;
  readonly seed: number;
  /** False while measuring. */
  readonly training: boolean;
  readonly learningRate: number;
  /** Number of the optimiser's step, from 1. */
  readonly step: number;
  readonly weight: number;
}

export function stepBytes(settings: StepSettings): Uint8Array<ArrayBuffer> {
  const bytes = new ArrayBuffer(STEP_BYTES);
  const { rows, slot, seed, training, learningRate, step, weight } = settings;
  new Uint32Array(bytes).set([rows, slot, seed, training ? 1 : 0]);
  const numbers = [learningRate, 1 / (1 - BETA1 ** step), 1 / (1 - BETA2 ** step)];
  new Float32Array(bytes).set([...numbers, weight === 0 ? 0 : 1 / weight], 4);
  return new Uint8Array(bytes);
}

export interface ShapeSettings {
  readonly rows?: number;
  readonly columns?: number;
  readonly depth?: number;
  /** A layer's part of the seed. */
  readonly seed?: number;
  readonly decay?: number;
  readonly l2?: number;
}

export function shapeBytes(shape: ShapeSettings): Uint8Array<ArrayBuffer> {
  const bytes = new ArrayBuffer(32);
  const { rows = 0, columns = 0, depth = 0, seed = 0, decay = 0, l2 = 0 } = shape;
  new Uint32Array(bytes).set([rows, columns, depth, seed]);
  new Float32Array(bytes).set([decay, l2], 4);
  return new Uint8Array(bytes);
}
