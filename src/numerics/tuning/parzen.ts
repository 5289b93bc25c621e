/** A mixture of normal distributions cut off at two bounds, one around each observation and one over all of the range. */
export class ParzenEstimator {
  readonly #from: number;
  readonly #to: number;
  readonly #means: readonly number[];
  readonly #deviations: readonly number[];

  /**
   * Each kernel is as wide as the distance to its farther neighbour, and neither wider than the range nor narrower than a
   * part of it that shrinks with the number of observations (J. Bergstra et al., Algorithms for Hyper-Parameter Optimization,
   * NIPS 2011, section 4).
   */
  constructor(observations: readonly number[], from: number, to: number) {
    const range = to - from;
    const sorted = [...observations].sort((a, b) => a - b);
    const narrowest = range / Math.min(100, 2 + sorted.length);
    this.#from = from;
    this.#to = to;
    this.#means = [...sorted, from + range / 2];
    this.#deviations = [
      ...sorted.map((mean, at) => {
        const below = mean - (sorted[at - 1] ?? from);
        const above = (sorted[at + 1] ?? to) - mean;
        return Math.min(range, Math.max(narrowest, below, above));
      }),
      range,
    ];
  }

  sample(random: () => number): number {
    const at = Math.min(this.#means.length - 1, Math.floor(random() * this.#means.length));
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const value = this.#means[at]! + this.#deviations[at]! * normal(random);
      if (value >= this.#from && value <= this.#to) return value;
    }
    return this.#from + (this.#to - this.#from) * random();
  }

  logDensity(value: number): number {
    let density = 0;
    for (const [at, mean] of this.#means.entries()) {
      const deviation = this.#deviations[at]!;
      const inside = cumulative((this.#to - mean) / deviation) - cumulative((this.#from - mean) / deviation);
      const scaled = (value - mean) / deviation;
      density += Math.exp(-(scaled * scaled) / 2) / (deviation * SQRT_TWO_PI * Math.max(inside, TINY));
    }
    return Math.log(Math.max(density / this.#means.length, TINY));
  }
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
