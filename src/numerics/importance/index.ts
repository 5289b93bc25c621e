export {
  type PermutationImportance,
  type PermutationOptions,
  permutationImportance,
} from './permutation-importance.ts';
export { randomIndices, shuffle } from './random-order.ts';
export { type SampledShapley, type ShapleyOptions, sampledShapley, shapleyWalks } from './sampled-shapley.ts';
