import { chiSquarePoint, chiSquareTail } from './chi-square.ts';

/** A score, what it reaches under no change one time in a hundred, and how unlikely it is under no change. */
export interface DriftScore {
  readonly score: number;
  readonly threshold: number;
  readonly pValue: number;
}

/** How often the threshold of a score is passed where nothing has drifted. */
export const ALARM_RATE = 0.01;
/** Added to every cell before shares are taken, so that an empty one costs little instead of everything. */
const CELL_PRIOR = 0.5;
/** Cells that expect fewer rows on either side are put together: the chi-square distribution does not hold for them. */
const SMALLEST_EXPECTATION = 5;

const total = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0);

function shares(counts: Float64Array): Float64Array {
  const rows = total(counts) + CELL_PRIOR * counts.length;
  return counts.map((count) => (count + CELL_PRIOR) / rows);
}

/**
 * Population stability index in nats, sum (q - p) ln(q / p). Under no change it is (1/n + 1/m) times a chi-square
 * variable with one degree of freedom less than there are cells (Yurdakul and Naranjo 2020).
 */
export function stabilityIndex(reference: Float64Array, current: Float64Array): DriftScore {
  const [p, q] = [shares(reference), shares(current)];
  const score = p.reduce((sum, share, cell) => sum + (q[cell]! - share) * Math.log(q[cell]! / share), 0);
  const unit = 1 / total(reference) + 1 / total(current);
  const degrees = reference.length - 1;
  return {
    score,
    threshold: unit * chiSquarePoint(ALARM_RATE, degrees),
    pValue: chiSquareTail(score / unit, degrees),
  };
}

/** Jensen-Shannon distance in base 2, from 0 to 1; its square in nats is an eighth of the stability index's null. */
export function jensenShannon(reference: Float64Array, current: Float64Array): DriftScore {
  const [p, q] = [shares(reference), shares(current)];
  const divergence = p.reduce((sum, share, cell) => {
    const other = q[cell]!;
    const middle = (share + other) / 2;
    return sum + (share * Math.log(share / middle) + other * Math.log(other / middle)) / 2;
  }, 0);
  const unit = (1 / total(reference) + 1 / total(current)) / 8;
  const degrees = reference.length - 1;
  return {
    score: Math.sqrt(Math.max(0, divergence) / Math.LN2),
    threshold: Math.sqrt((unit * chiSquarePoint(ALARM_RATE, degrees)) / Math.LN2),
    pValue: chiSquareTail(divergence / unit, degrees),
  };
}

/** Pearson's chi-square of the two-row table of counts; cells with small expectations are merged, smallest first. */
export function chiSquareTest(reference: Float64Array, current: Float64Array): DriftScore {
  const [n, m] = [total(reference), total(current)];
  const share = Math.min(n, m) / (n + m);
  const kept: [number, number][] = [];
  let rest: [number, number] = [0, 0];
  for (let cell = 0; cell < reference.length; cell++) {
    const pair: [number, number] = [reference[cell]!, current[cell]!];
    if ((pair[0] + pair[1]) * share >= SMALLEST_EXPECTATION) kept.push(pair);
    else rest = [rest[0] + pair[0], rest[1] + pair[1]];
  }
  if ((rest[0] + rest[1]) * share >= SMALLEST_EXPECTATION || kept.length === 0) kept.push(rest);
  else if (rest[0] + rest[1] > 0) {
    const last = kept.pop()!;
    kept.push([last[0] + rest[0], last[1] + rest[1]]);
  }
  let score = 0;
  for (const [a, b] of kept) {
    const together = a + b;
    if (together === 0) continue;
    const [expectedA, expectedB] = [(together * n) / (n + m), (together * m) / (n + m)];
    score += (a - expectedA) ** 2 / expectedA + (b - expectedB) ** 2 / expectedB;
  }
  const degrees = kept.length - 1;
  return { score, threshold: chiSquarePoint(ALARM_RATE, degrees), pValue: chiSquareTail(score, degrees) };
}

/** Adjusted p-values of Benjamini and Hochberg 1995, in the order of the input. */
export function falseDiscoveryRates(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[b]! - pValues[a]!);
  const adjusted = new Array<number>(pValues.length);
  let smallest = 1;
  for (const [position, index] of order.entries()) {
    smallest = Math.min(smallest, (pValues[index]! * pValues.length) / (pValues.length - position));
    adjusted[index] = smallest;
  }
  return adjusted;
}
