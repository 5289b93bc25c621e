import { ParzenEstimator } from './parzen.ts';
import { randomPoint } from './random-sampler.ts';
import type { Point, Space } from './space.ts';

/** A finished trial: smaller is better. */
export interface Observation {
  readonly point: Point;
  readonly loss: number;
}

/** Trials before the first that is not drawn at random. */
export const STARTUP_TRIALS = 10;
const CANDIDATES = 24;
const GOOD_SHARE = 0.2;
const MOST_GOOD = 25;

/**
 * The next point by a tree of Parzen estimators: of some candidates drawn where good trials lie thick, the one where they
 * outweigh the others most (J. Bergstra et al., Algorithms for Hyper-Parameter Optimization, NIPS 2011, section 4), all settings
 * of a candidate together. A fifth of the trials count as good. Trials without a loss (NaN) count as the worst.
 */
export function tpePoint(space: Space, observations: readonly Observation[], random: () => number): Point {
  if (observations.length < STARTUP_TRIALS) return randomPoint(space, random);
  const ranked = observations.toSorted((a, b) => order(a.loss) - order(b.loss)).map(({ point }) => point);
  const good = Math.min(MOST_GOOD, Math.ceil(GOOD_SHARE * ranked.length));
  return likeliestPoint(space, ranked.slice(0, good), ranked.slice(good), random);
}

/**
 * Of some points drawn where the good ones lie thick, the one where they outweigh the others most; one that was tried already only
 * where all were, as a learner gives the same for the same settings.
 */
export function likeliestPoint(
  space: Space,
  good: readonly Point[],
  others: readonly Point[],
  random: () => number,
): Point {
  const likely = new ParzenEstimator(space, good);
  const unlikely = new ParzenEstimator(space, others);
  const names = Object.keys(space);
  const keyOf = (point: Point): string => names.map((name) => point[name]).join();
  const tried = new Set([...good, ...others].map(keyOf));
  const drawn = Array.from({ length: CANDIDATES }, () => likely.sample(random));
  const fresh = drawn.filter((point) => !tried.has(keyOf(point)));
  const gains = (fresh.length > 0 ? fresh : drawn).map((point) => ({
    point,
    gain: likely.logDensity(point) - unlikely.logDensity(point),
  }));
  return gains.reduce((best, one) => (one.gain > best.gain ? one : best)).point;
}

const order = (loss: number): number => (Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss);
