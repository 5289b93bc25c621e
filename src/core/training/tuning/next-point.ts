import { mulberry32 } from '../../../numerics/arrays/mulberry32.ts';
import { motpePoint, type Point, randomPoint, tpePoint } from '../../../numerics/tuning/index.ts';
import type { Tune } from '../../../shared/definitions/tuning.ts';
import { searchSpace } from './search-space.ts';
import type { Trial } from './trial.ts';

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
  // Of a trial that was given up its place is known to be bad, though not how bad.
  const lies = underWay.map((point) => ({ point, losses: [Number.NaN] }));
  const known = [...before, ...lies];
  if (tune.objectives !== undefined) return motpePoint(space, known, random);
  return tpePoint(
    space,
    known.map(({ point, losses }) => ({ point, loss: losses[0]! })),
    random,
  );
}
