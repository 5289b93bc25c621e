export {
  type PermutationImportance,
  type PermutationOptions,
  permutationImportance,
} from './permutation-importance.ts';
export { type SampledShapley, type ShapleyOptions, sampledShapley } from './sampled-shapley.ts';
