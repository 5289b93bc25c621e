/** Below this product of sizes the distribution of D is counted exactly. */
const EXACT_PRODUCT = 10_000;

/** The largest distance between the empirical distribution functions of two ascending samples; ties move both at once. */
export function kolmogorovDistance(first: Float64Array, second: Float64Array): number {
  let distance = 0;
  let a = 0;
  let b = 0;
  while (a < first.length && b < second.length) {
    const value = Math.min(first[a]!, second[b]!);
    while (a < first.length && first[a] === value) a++;
    while (b < second.length && second[b] === value) b++;
    const gap = Math.abs(a / first.length - b / second.length);
    if (gap > distance) distance = gap;
  }
  return distance;
}

/** Two-sided probability of at least this distance when both samples come from one continuous distribution. */
export function kolmogorovTail(distance: number, n: number, m: number): number {
  if (distance <= 0) return 1;
  return n * m <= EXACT_PRODUCT
    ? exactTail(distance, n, m)
    : asymptoticTail(distance * Math.sqrt((n * m) / (n + m)));
}

/** The distance that is reached with probability at most `tail`. */
export function kolmogorovPoint(tail: number, n: number, m: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (kolmogorovTail(middle, n, m) > tail) low = middle;
    else high = middle;
  }
  return high;
}

/** Kolmogorov's limit distribution, 2 sum (-1)^(k-1) exp(-2 k^2 x^2), and its theta-function twin for small x. */
function asymptoticTail(x: number): number {
  if (x < 0.2) return 1;
  if (x < 1) {
    let sum = 0;
    for (let k = 1; k <= 20; k++) sum += Math.exp(-(((2 * k - 1) * Math.PI) ** 2) / (8 * x * x));
    return Math.min(1, Math.max(0, 1 - (Math.sqrt(2 * Math.PI) / x) * sum));
  }
  let sum = 0;
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, 2 * sum));
}

/**
 * Share of lattice paths from (0, 0) to (n, m) that leave the band |i/n - j/m| < d: the recursion of Hodges 1958
 * ("The significance probability of the Smirnov two-sample test"), in probabilities so that nothing overflows.
 */
function exactTail(distance: number, n: number, m: number): number {
  // A hair below, so that rounding in i/n - j/m does not exclude the distance itself.
  const bound = distance - 1e-12;
  const inside = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      if (Math.abs(i / n - j / m) >= bound) inside[j] = 0;
      else if (i === 0 && j === 0) inside[j] = 1;
      else {
        // Probability that the step into (i, j) came from the left or from below, all orders being equally likely.
        const fromFirst = i > 0 ? inside[j]! * (i / (i + j)) : 0;
        const fromSecond = j > 0 ? inside[j - 1]! * (j / (i + j)) : 0;
        inside[j] = fromFirst + fromSecond;
      }
    }
  }
  return Math.min(1, Math.max(0, 1 - inside[m]!));
}
