import { NORM_EPSILON, NORM_MOMENTUM } from '../batch-norm.ts';
import { adamShader } from './adam-shader.ts';
import { settingsShader } from './settings.ts';

/** Units of a workgroup, and threads among which it shares out their rows. */
export const UNITS = 16;
const LANES = 16;

/** Figures of each unit of a layer, one line of them after another. */
export const UNIT_LINES = [
  'bias',
  'biasMean',
  'biasSquare',
  'scale',
  'scaleMean',
  'scaleSquare',
  'shift',
  'shiftMean',
  'shiftSquare',
  'runningMean',
  'runningVariance',
  'inverseDeviation',
] as const;
export type UnitLine = (typeof UNIT_LINES)[number];

const line = (name: UnitLine): string => `units[${UNIT_LINES.indexOf(name)}u * fixed.columns + unit]`;

export interface UnitOptions {
  readonly batchNorm: boolean;
  /** 0 for none. */
  readonly dropout: number;
}

const head = /* wgsl */ `
${settingsShader}
var<workgroup> shares: array<f32, ${UNITS * LANES}>;

// The sum of what the lanes of a unit bring; every thread gets it.
fn together(local: vec3u, value: f32) -> f32 {
  shares[local.y * ${UNITS}u + local.x] = value;
  workgroupBarrier();
  for (var half = ${LANES / 2}u; half > 0u; half /= 2u) {
    if (local.y < half) { shares[local.y * ${UNITS}u + local.x] += shares[(local.y + half) * ${UNITS}u + local.x]; }
    workgroupBarrier();
  }
  let sum = shares[local.x];
  workgroupBarrier();
  return sum;
}`;

/** The number of the generator's draw that the CPU makes for this unit, and whether it drops it: Ettinger's mulberry32. */
const dropoutFunction = (dropout: number): string => /* wgsl */ `
fn kept(at: u32) -> f32 {
  let state = (step.seed ^ fixed.seed) + (at + 1u) * 0x6d2b79f5u;
  var mixed = (state ^ (state >> 15u)) * (state | 1u);
  mixed ^= mixed + (mixed ^ (mixed >> 7u)) * (mixed | 61u);
  let drawn = mixed ^ (mixed >> 14u);
  return select(${factor(dropout)}, 0.0, drawn < ${Math.min(0xffffffff, Math.ceil(dropout * 2 ** 32))}u);
}`;

const factor = (dropout: number): string => {
  const text = String(Math.fround(1 / (1 - dropout)));
  return text.includes('.') || text.includes('e') ? text : `${text}.0`;
};

/**
 * Batch normalisation, ReLU and inverted dropout of a layer, in this order. While measuring, running figures take the batch's place and nothing is dropped.
 */
export function activationShader({ batchNorm, dropout }: UnitOptions): string {
  const value = batchNorm
    ? `let own = (linear[at] - mean) * inverse;
       normalised[at] = own;
       let value = max(0.0, own * scale + shift);`
    : 'let value = max(0.0, linear[at]);';
  const figures = /* wgsl */ `
  var mean = 0.0;
  var inverse = 0.0;
  var scale = 0.0;
  var shift = 0.0;
  if (step.training == 1u) {
    var sum = 0.0;
    for (var row = local.y; row < step.rows && inside; row += ${LANES}u) { sum += linear[row * fixed.columns + unit]; }
    mean = together(local, sum) / f32(step.rows);
    var squares = 0.0;
    for (var row = local.y; row < step.rows && inside; row += ${LANES}u) {
      let difference = linear[row * fixed.columns + unit] - mean;
      squares += difference * difference;
    }
    let total = together(local, squares);
    let variance = total / f32(step.rows);
    inverse = inverseSqrtExact(variance + ${NORM_EPSILON});
    if (local.y == 0u && inside) {
      let unbiased = select(variance, total / f32(max(step.rows, 2u) - 1u), step.rows > 1u);
      ${line('runningMean')} += ${NORM_MOMENTUM} * (mean - ${line('runningMean')});
      ${line('runningVariance')} += ${NORM_MOMENTUM} * (unbiased - ${line('runningVariance')});
      ${line('inverseDeviation')} = inverse;
    }
  } else if (inside) {
    mean = ${line('runningMean')};
    inverse = inverseSqrtExact(${line('runningVariance')} + ${NORM_EPSILON});
  }
  if (inside) { scale = ${line('scale')}; shift = ${line('shift')}; }`;
  return /* wgsl */ `${head}
@group(0) @binding(1) var<storage, read> linear: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;
${
  batchNorm
    ? `@group(0) @binding(3) var<storage, read_write> units: array<f32>;
@group(0) @binding(4) var<storage, read_write> normalised: array<f32>;
fn inverseSqrtExact(value: f32) -> f32 { return 1.0 / sqrt(value); }`
    : ''
}
${dropout > 0 ? dropoutFunction(dropout) : ''}
@compute @workgroup_size(${UNITS}, ${LANES})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let unit = group.x * ${UNITS}u + local.x;
  let inside = unit < fixed.columns;
  ${batchNorm ? figures : ''}
  for (var row = local.y; row < step.rows && inside; row += ${LANES}u) {
    let at = row * fixed.columns + unit;
    ${value}
    ${dropout > 0 ? 'if (step.training == 1u) { output[at] = value * kept(at); } else { output[at] = value; }' : 'output[at] = value;'}
  }
}`;
}

/**
 * The way back to before the activation: `gradient` in place; bias, scale and shift go a step. Of the last layer, which has no
 * activation, only the bias is learned.
 */
export function unitUpdateShader(options: UnitOptions | null): string {
  const { batchNorm = false, dropout = 0 } = options ?? {};
  const through =
    options === null
      ? ''
      : /* wgsl */ `
  for (var row = local.y; row < step.rows && inside; row += ${LANES}u) {
    let at = row * fixed.columns + unit;
    gradient[at] = select(0.0, gradient[at]${dropout > 0 ? ` * ${factor(dropout)}` : ''}, output[at] > 0.0);
  }`;
  const norm = /* wgsl */ `
  var sum = 0.0;
  var product = 0.0;
  for (var row = local.y; row < step.rows && inside; row += ${LANES}u) {
    let at = row * fixed.columns + unit;
    sum += gradient[at];
    product += gradient[at] * normalised[at];
  }
  let sums = together(local, sum);
  let products = together(local, product);
  if (inside) {
    let scale = ${line('scale')} * ${line('inverseDeviation')};
    for (var row = local.y; row < step.rows; row += ${LANES}u) {
      let at = row * fixed.columns + unit;
      gradient[at] = scale * (gradient[at] - (sums + normalised[at] * products) / f32(step.rows));
    }
  }
  // All of the unit's threads have read the scale by which they multiply.
  storageBarrier();
  workgroupBarrier();
  if (local.y == 0u && inside) {
    ${update('scale', 'products')}
    ${update('shift', 'sums')}
  }`;
  return /* wgsl */ `${head}
@group(0) @binding(1) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> units: array<f32>;
${options === null ? '' : '@group(0) @binding(3) var<storage, read> output: array<f32>;'}
${batchNorm ? '@group(0) @binding(4) var<storage, read> normalised: array<f32>;' : ''}
${adamShader}
@compute @workgroup_size(${UNITS}, ${LANES})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let unit = group.x * ${UNITS}u + local.x;
  let inside = unit < fixed.columns;
  ${through}
  ${batchNorm ? norm : ''}
  var biasSum = 0.0;
  for (var row = local.y; row < step.rows && inside; row += ${LANES}u) { biasSum += gradient[row * fixed.columns + unit]; }
  let biasGradient = together(local, biasSum);
  if (local.y == 0u && inside) {
    ${update('bias', 'biasGradient')}
  }
}`;
}

const update = (name: 'bias' | 'scale' | 'shift', gradient: string): string => /* wgsl */ `{
      let next = adam(vec3f(${line(name)}, ${line(`${name}Mean`)}, ${line(`${name}Square`)}), ${gradient}, false);
      ${line(name)} = next.x; ${line(`${name}Mean`)} = next.y; ${line(`${name}Square`)} = next.z;
    }`;
