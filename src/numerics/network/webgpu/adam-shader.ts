import { BETA1, BETA2, EPSILON } from '../adam.ts';

/**
 * One step for one number: `state` is the number, its mean and its square. The same operations in the same order as the CPU's.
 * Expects `step.rate`, `step.first`, `step.second` and `fixed.decay`, `fixed.l2`.
 */
export const adamShader = /* wgsl */ `
fn adam(state: vec3f, gradient: f32, decays: bool) -> vec3f {
  let p = state.x;
  let g = gradient + select(0.0, p * fixed.l2, decays);
  let mean = ${BETA1} * state.y + (1.0 - ${BETA1}) * g;
  let square = ${BETA2} * state.z + (1.0 - ${BETA2}) * (g * g);
  let root = sqrt(square * step.second) + ${EPSILON};
  let change = (mean * step.first) / root + select(0.0, p * fixed.decay, decays);
  return vec3f(p - step.rate * change, mean, square);
}`;
