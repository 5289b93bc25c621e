import { chiSquareTail, logGamma } from '../drift/chi-square.ts';

/** Chance that a Student t variable is at least `t` away from 0; a normal one with infinite degrees of freedom. */
export function twoSidedTail(t: number, degrees: number): number {
  if (Number.isNaN(t)) return Number.NaN;
  return degrees === Number.POSITIVE_INFINITY
    ? chiSquareTail(t * t, 1)
    : incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** The distance from 0 that is reached with chance `tail`, by bisection. */
export function twoSidedPoint(tail: number, degrees: number): number {
  let [low, high] = [0, 2];
  while (twoSidedTail(high, degrees) > tail) high *= 2;
  for (let step = 0; step < 200 && high - low > high * 1e-14; step++) {
    const middle = (low + high) / 2;
    if (twoSidedTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Regularised incomplete beta function by Lentz's continued fraction (DLMF 8.17.22). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  const tiny = 1e-300;
  let [c, d, fraction] = [1, 0, 1];
  for (let n = 0; n < 10_000; n++) {
    const m = n >> 1;
    const numerator =
      n === 0
        ? 1
        : n % 2 === 0
          ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
          : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + numerator * d || tiny);
    c = 1 + numerator / c || tiny;
    const change = c * d;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return (front * (fraction - 1)) / a;
}
