import { ParzenEstimator } from './parzen.ts';
import { randomPoint } from './random-sampler.ts';
import { bounds, type Dimension, fromCoordinate, type Point, type Space, toCoordinate } from './space.ts';

/** A finished trial: smaller is better. */
export interface Observation {
  readonly point: Point;
  readonly loss: number;
}

/** Trials before the first that is not drawn at random. */
const STARTUP_TRIALS = 10;
const CANDIDATES = 24;
const MOST_GOOD = 25;

/**
 * The next point by a tree of Parzen estimators, each dimension by itself: of some candidates drawn where good trials lie
 * thick, the one where they outweigh the others most (J. Bergstra et al., Algorithms for Hyper-Parameter Optimization, NIPS
 * 2011, section 4). A tenth of the trials count as good. Trials without a loss (NaN) count as the worst.
 */
export function tpePoint(space: Space, observations: readonly Observation[], random: () => number): Point {
  if (observations.length < STARTUP_TRIALS) return randomPoint(space, random);
  const ranked = [...observations].sort((a, b) => order(a.loss) - order(b.loss));
  const good = Math.min(MOST_GOOD, Math.ceil(0.1 * ranked.length));
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => {
      const values = ranked.map(({ point }) => point[name]!);
      return [name, bestCandidate(dimension, values.slice(0, good), values.slice(good), random)];
    }),
  );
}

const order = (loss: number): number => (Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss);

function bestCandidate(
  dimension: Dimension,
  good: readonly number[],
  others: readonly number[],
  random: () => number,
): number {
  const { draw, gain } =
    dimension.kind === 'choice'
      ? categorical(dimension.options, good, others)
      : numeric(dimension, good, others);
  let best = draw(random);
  let bestGain = gain(best);
  for (let candidate = 1; candidate < CANDIDATES; candidate++) {
    const next = draw(random);
    const nextGain = gain(next);
    if (nextGain > bestGain) [best, bestGain] = [next, nextGain];
  }
  return dimension.kind === 'choice' ? best : fromCoordinate(dimension, best);
}

interface Proposal {
  draw(random: () => number): number;
  /** How much more likely among the good ones, as a logarithm. */
  gain(coordinate: number): number;
}

function numeric(
  dimension: Exclude<Dimension, { kind: 'choice' }>,
  good: readonly number[],
  others: readonly number[],
): Proposal {
  const { from, to } = bounds(dimension);
  const coordinates = (values: readonly number[]): number[] =>
    values.map((value) => toCoordinate(dimension, value));
  const likely = new ParzenEstimator(coordinates(good), from, to);
  const unlikely = new ParzenEstimator(coordinates(others), from, to);
  return {
    draw: (random) => likely.sample(random),
    gain: (coordinate) => likely.logDensity(coordinate) - unlikely.logDensity(coordinate),
  };
}

function categorical(options: number, good: readonly number[], others: readonly number[]): Proposal {
  const shares = (values: readonly number[]): number[] =>
    // One more of each than was seen, so that none is ruled out.
    Array.from(
      { length: options },
      (_, option) => (values.filter((value) => value === option).length + 1) / (values.length + options),
    );
  const likely = shares(good);
  const unlikely = shares(others);
  return {
    draw: (random) => {
      let left = random();
      for (let option = 0; option < options - 1; option++) {
        left -= likely[option]!;
        if (left < 0) return option;
      }
      return options - 1;
    },
    gain: (option) => Math.log(likely[option]! / unlikely[option]!),
  };
}
