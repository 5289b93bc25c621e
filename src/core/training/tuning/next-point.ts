import { mulberry32 } from '../../../numerics/arrays/mulberry32.ts';
import { type Observation, type Point, randomPoint, tpePoint } from '../../../numerics/tuning/index.ts';
import type { Tune } from '../../../shared/definitions/tuning.ts';
import { searchSpace } from './search-space.ts';
import { observed, type Trial } from './trial.ts';

const SEED_STRIDE = 7919;

/**
 * The same for the same seed, place and trials before, whenever it is asked for.
 *
 * @param underWay points of trials whose results are not to be known yet: they count as bad, so that trials side by side do not
 * look at the same place (the constant liar of D. Ginsbourger et al., Kriging Is Well-Suited to Parallelize Optimization, 2010).
 */
export function nextPoint(
  tune: Tune,
  seed: number,
  { before, underWay }: { readonly before: readonly Trial[]; readonly underWay: readonly Point[] },
): Point {
  const space = searchSpace(tune.space);
  const random = mulberry32(seed * SEED_STRIDE + before.length + underWay.length);
  if (tune.sampler === 'random') return randomPoint(space, random);
  const lies = underWay.map((point): Observation => ({ point, loss: Number.NaN }));
  return tpePoint(space, [...before.map(observed), ...lies], random);
}
