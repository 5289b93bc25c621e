export { type Losses, paretoPlaces } from './dominance.ts';
export { hypervolume } from './hypervolume.ts';
export { settingImportance } from './importance.ts';
export { type MultiObservation, motpePoint } from './motpe-sampler.ts';
export {
  bestBy,
  halvingPruner,
  latestBy,
  medianPruner,
  neverPrune,
  type Pruner,
  type Reports,
} from './pruners.ts';
export { randomPoint } from './random-sampler.ts';
export type { Dimension, Point, Space } from './space.ts';
export { type Observation, tpePoint } from './tpe-sampler.ts';
