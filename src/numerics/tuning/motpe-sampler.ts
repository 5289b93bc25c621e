import { isMeasured, type Losses, leadingFronts } from './dominance.ts';
import { widestSubset } from './hypervolume.ts';
import { randomPoint } from './random-sampler.ts';
import type { Point, Space } from './space.ts';
import { likeliestPoint, STARTUP_TRIALS } from './tpe-sampler.ts';

/** A finished trial of several objectives. */
export interface MultiObservation {
  readonly point: Point;
  readonly losses: Losses;
}

const GOOD_SHARE = 0.15;
const MOST_GOOD = 25;

/**
 * The same as {@link tpePoint} for several objectives: good are the trials of the first fronts, and of the front that is too large
 * those that dominate most together (Y. Ozaki et al., Multiobjective Tree-Structured Parzen Estimator, JAIR 2022, section 4).
 * Trials without all losses (NaN) count as the worst.
 */
export function motpePoint(
  space: Space,
  observations: readonly MultiObservation[],
  random: () => number,
): Point {
  if (observations.length < STARTUP_TRIALS) return randomPoint(space, random);
  const good = new Set(goodPlaces(observations.map(({ losses }) => losses)));
  const points = observations.map(({ point }) => point);
  return likeliestPoint(
    space,
    points.filter((_, place) => good.has(place)),
    points.filter((_, place) => !good.has(place)),
    random,
  );
}

function goodPlaces(losses: readonly Losses[]): number[] {
  const count = Math.min(MOST_GOOD, Math.ceil(GOOD_SHARE * losses.length));
  const fronts = leadingFronts(losses, count);
  const whole = fronts.slice(0, -1).flat();
  const last = fronts.at(-1) ?? [];
  const left = count - whole.length;
  if (last.length <= left) return [...whole, ...last];
  const reference = beyond(losses.filter(isMeasured));
  const chosen = widestSubset(
    last.map((place) => losses[place]!),
    left,
    reference,
  );
  return [...whole, ...chosen.map((at) => last[at]!)];
}

/** A tenth of the range beyond the worst of each objective: the ends of a front, too, dominate something. */
function beyond(losses: readonly Losses[]): number[] {
  const [first] = losses;
  return (first ?? []).map((_, objective) => {
    const own = losses.map((one) => one[objective]!);
    const [low, high] = [Math.min(...own), Math.max(...own)];
    return high + 0.1 * (high > low ? high - low : 1);
  });
}
