/**
 * The quantile `alpha` of the values: with equal weights between neighbouring values by linear interpolation, else the first
 * value at which `alpha` of all weight is reached. Depends on values and weights, not on their order.
 */
export function weightedQuantile(
  values: ArrayLike<number>,
  weights: ArrayLike<number> | null,
  alpha: number,
): number {
  const count = values.length;
  if (count === 0) return Number.NaN;
  const equal = weights === null || everyEqual(weights);
  if (equal) {
    const sorted = Float32Array.from(values).sort();
    const position = alpha * (count - 1);
    const below = Math.floor(position);
    const above = Math.min(count - 1, below + 1);
    return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
  }
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  order.sort((a, b) => values[a]! - values[b]! || weights[a]! - weights[b]!);
  let total = 0;
  for (const index of order) total += weights[index]!;
  let reached = 0;
  for (const index of order) {
    reached += weights[index]!;
    if (reached >= alpha * total) return values[index]!;
  }
  return values[order.at(-1)!]!;
}

function everyEqual(weights: ArrayLike<number>): boolean {
  for (let index = 1; index < weights.length; index++) if (weights[index] !== weights[0]) return false;
  return true;
}
