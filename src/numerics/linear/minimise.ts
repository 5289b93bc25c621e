export interface MinimiseOptions {
  readonly maxIterations: number;
  readonly onIteration?: (iteration: number, value: number, point: Float64Array) => void;
}

const MEMORY = 10;
const SUFFICIENT_DECREASE = 1e-4;
const GRADIENT_TOLERANCE = 1e-6;
const VALUE_TOLERANCE = 1e-10;

interface Correction {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly product: number;
}

/**
 * Limited-memory BFGS with a backtracking line search (Nocedal and Wright 2006, "Numerical Optimization", algorithm 7.5),
 * for smooth convex functions. `objective` returns the value at a point and writes its gradient.
 */
export function minimise(
  objective: (point: Float64Array, gradient: Float64Array) => number,
  start: Float64Array,
  options: MinimiseOptions,
): Float64Array {
  let point = start.slice();
  let gradient = new Float64Array(point.length);
  let value = objective(point, gradient);
  const corrections: Correction[] = [];
  for (let iteration = 1; iteration <= options.maxIterations; iteration++) {
    if (Math.max(...gradient.map(Math.abs)) < GRADIENT_TOLERANCE) break;
    const direction = descentDirection(gradient, corrections);
    const slope = dot(direction, gradient);
    let length = 1;
    let next = point;
    const nextGradient = new Float64Array(point.length);
    let nextValue = Number.POSITIVE_INFINITY;
    for (let halvings = 0; halvings < 40; halvings++, length /= 2) {
      next = point.map((coordinate, index) => coordinate + length * direction[index]!);
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + SUFFICIENT_DECREASE * length * slope) break;
    }
    if (!(nextValue < value)) break;
    const step = next.map((coordinate, index) => coordinate - point[index]!);
    const change = nextGradient.map((slopeNow, index) => slopeNow - gradient[index]!);
    const product = dot(step, change);
    if (product > 0) corrections.push({ step, change, product });
    if (corrections.length > MEMORY) corrections.shift();
    const gained = value - nextValue;
    [point, gradient, value] = [next, nextGradient, nextValue];
    options.onIteration?.(iteration, value, point);
    if (gained < VALUE_TOLERANCE * Math.max(1, Math.abs(value))) break;
  }
  return point;
}

/** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
function descentDirection(gradient: Float64Array, corrections: readonly Correction[]): Float64Array {
  const direction = gradient.map((slope) => -slope);
  const factors = new Float64Array(corrections.length);
  for (let index = corrections.length - 1; index >= 0; index--) {
    const { step, change, product } = corrections[index]!;
    factors[index] = dot(step, direction) / product;
    addScaled(direction, change, -factors[index]!);
  }
  const newest = corrections.at(-1);
  if (newest) {
    const scale = newest.product / dot(newest.change, newest.change);
    for (let index = 0; index < direction.length; index++) direction[index]! *= scale;
  }
  for (const [index, { step, change, product }] of corrections.entries()) {
    addScaled(direction, step, factors[index]! - dot(change, direction) / product);
  }
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index++) target[index]! += factor * source[index]!;
}
