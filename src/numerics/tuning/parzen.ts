import { bounds, type Dimension, fromCoordinate, type Point, type Space, toCoordinate } from './space.ts';

/** Of a dimension: where one of the observations, or the whole space, has its kernel. */
interface Kernel {
  draw(random: () => number): number;
  logDensity(coordinate: number): number;
}

/**
 * A mixture of kernels over a whole space, one around each observation and one over all of it. A kernel is a product over the
 * dimensions: settings that did well together are drawn together (S. Falkner et al., BOHB, ICML 2018, section 3.2).
 */
export class ParzenEstimator {
  readonly #names: readonly string[];
  readonly #dimensions: readonly Dimension[];
  /** By kernel, then by dimension. */
  readonly #kernels: readonly (readonly Kernel[])[];

  constructor(space: Space, observations: readonly Point[]) {
    this.#names = Object.keys(space);
    this.#dimensions = Object.values(space);
    const share = BANDWIDTH * Math.max(1, observations.length) ** (-1 / (this.#names.length + 4));
    const around = observations.map((point) =>
      this.#dimensions.map((dimension, at) => kernelAround(dimension, point[this.#names[at]!]!, share)),
    );
    this.#kernels = [...around, this.#dimensions.map(kernelOverAll)];
  }

  sample(random: () => number): Point {
    const kernel = this.#kernels[Math.floor(random() * this.#kernels.length)]!;
    return Object.fromEntries(
      this.#names.map((name, at) => {
        const dimension = this.#dimensions[at]!;
        const drawn = kernel[at]!.draw(random);
        return [name, dimension.kind === 'choice' ? drawn : fromCoordinate(dimension, drawn)];
      }),
    );
  }

  logDensity(point: Point): number {
    const coordinates = this.#dimensions.map((dimension, at) => {
      const value = point[this.#names[at]!]!;
      return dimension.kind === 'choice' ? value : toCoordinate(dimension, value);
    });
    const logs = this.#kernels.map((kernel) =>
      kernel.reduce((sum, { logDensity }, at) => sum + logDensity(coordinates[at]!), 0),
    );
    const most = logs.reduce((a, b) => Math.max(a, b));
    return most + Math.log(logs.reduce((sum, one) => sum + Math.exp(one - most), 0) / logs.length);
  }
}

/**
 * Of the range, how wide a kernel is with one observation; it shrinks with more by Scott's rule (D. Scott, Multivariate Density
 * Estimation, 1992, section 6.3). Optuna's multivariate sampler has the same share.
 */
const BANDWIDTH = 0.2;
const NARROWEST = 1e-3;

function kernelAround(dimension: Dimension, value: number, share: number): Kernel {
  if (dimension.kind === 'choice') return choiceKernel(dimension.options, value);
  const { from, to } = bounds(dimension);
  return normalKernel(toCoordinate(dimension, value), Math.max(NARROWEST, share) * (to - from), from, to);
}

function kernelOverAll(dimension: Dimension): Kernel {
  if (dimension.kind === 'choice') {
    const { options } = dimension;
    return { draw: (random) => Math.floor(random() * options), logDensity: () => -Math.log(options) };
  }
  const { from, to } = bounds(dimension);
  return normalKernel((from + to) / 2, to - from, from, to);
}

/** The option that was seen, and with what one seen among all options is worth, any. */
function choiceKernel(options: number, seen: number): Kernel {
  const other = 1 / (2 * options);
  const logs = { seen: Math.log(0.5 + other), other: Math.log(other) };
  return {
    draw: (random) => (random() < 0.5 ? seen : Math.floor(random() * options)),
    logDensity: (option) => (option === seen ? logs.seen : logs.other),
  };
}

/** A normal distribution cut off at two bounds. */
function normalKernel(mean: number, deviation: number, from: number, to: number): Kernel {
  const inside = cumulative((to - mean) / deviation) - cumulative((from - mean) / deviation);
  const height = -Math.log(deviation * SQRT_TWO_PI * Math.max(inside, TINY));
  return {
    draw: (random) => {
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        const value = mean + deviation * normal(random);
        if (value >= from && value <= to) return value;
      }
      return from + (to - from) * random();
    },
    logDensity: (coordinate) => height - ((coordinate - mean) / deviation) ** 2 / 2,
  };
}

const MOST_ATTEMPTS = 64;
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);
const TINY = 1e-300;

/** Box and Muller's method. */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** The normal distribution up to `x`: Abramowitz and Stegun, 7.1.26, to 1.5e-7. */
function cumulative(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x / Math.SQRT2));
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const error = 1 - polynomial * Math.exp(-(x * x) / 2);
  return x >= 0 ? (1 + error) / 2 : (1 - error) / 2;
}
