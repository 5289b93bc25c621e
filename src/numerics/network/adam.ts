import type { NetworkOptions } from './options.ts';

/** Of Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), on every device. */
export const BETA1 = 0.9;
export const BETA2 = 0.999;
export const EPSILON = 1e-8;

/** Where the decay of weights goes: apart from the gradient, or into it. */
export const decayOf = ({
  optimizer,
  weightDecay,
}: NetworkOptions): { readonly decay: number; readonly l2: number } =>
  optimizer === 'adamw' ? { decay: weightDecay, l2: 0 } : { decay: 0, l2: weightDecay };
