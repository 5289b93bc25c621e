import { ALARM_RATE, type DriftScore } from './cell-scores.ts';

const DRAWS = 999;
const GRID = 256;
const SMALLEST_DEVIATION = 1e-3;
const SEED = 20_260_101;

/**
 * Wasserstein-1 distance of two ascending samples in standard deviations of the reference. Its null is simulated: under
 * no change the scaled difference of the distribution functions is a Brownian bridge, whose absolute area over the
 * pooled values is drawn 999 times on a grid of 256 quantiles, always from the same seed.
 */
export function wasserstein(reference: Float64Array, current: Float64Array): DriftScore {
  const unit = Math.max(SMALLEST_DEVIATION, deviation(reference));
  const score = area(reference, current) / unit;
  const scale = Math.sqrt(1 / reference.length + 1 / current.length) / unit;
  const gaps = gridGaps(reference);
  const normal = normals(SEED);
  const draws = new Float64Array(DRAWS);
  const walk = new Float64Array(GRID);
  for (let draw = 0; draw < DRAWS; draw++) {
    let position = 0;
    for (let step = 0; step < GRID; step++) {
      position += normal() / Math.sqrt(GRID);
      walk[step] = position;
    }
    let sum = 0;
    for (let step = 0; step < GRID; step++)
      sum += Math.abs(walk[step]! - ((step + 1) / GRID) * position) * gaps[step]!;
    draws[draw] = sum * scale;
  }
  draws.sort();
  let reached = 0;
  for (let draw = DRAWS - 1; draw >= 0 && draws[draw]! >= score; draw--) reached++;
  return {
    score,
    threshold: draws[Math.ceil((1 - ALARM_RATE) * DRAWS) - 1]!,
    pValue: (reached + 1) / (DRAWS + 1),
  };
}

/** Integral of |F - G| over the merged values. */
function area(first: Float64Array, second: Float64Array): number {
  let sum = 0;
  let a = 0;
  let b = 0;
  let before = Math.min(first[0]!, second[0]!);
  while (a < first.length || b < second.length) {
    const value = Math.min(first[a] ?? Number.POSITIVE_INFINITY, second[b] ?? Number.POSITIVE_INFINITY);
    sum += Math.abs(a / first.length - b / second.length) * (value - before);
    while (a < first.length && first[a] === value) a++;
    while (b < second.length && second[b] === value) b++;
    before = value;
  }
  return sum;
}

/** Distances between neighbouring quantiles: how much of the axis each step of the bridge stands over. */
function gridGaps(sorted: Float64Array): Float64Array {
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return Float64Array.from(
    { length: GRID },
    (_, step) => at(Math.min(1, (step + 1.5) / GRID)) - at((step + 0.5) / GRID),
  );
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Standard normal numbers by Box and Muller over a 32-bit xorshift generator. */
function normals(seed: number): () => number {
  let state = seed | 0;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 4_294_967_296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
