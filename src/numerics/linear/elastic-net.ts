import { FalajError } from '../../shared/errors.ts';
import type { LabelTask } from '../labels/index.ts';
import { addColumn, columnDot, columnSquares, type DesignColumn } from './design.ts';
import { type Family, familyOf } from './families.ts';

export interface ElasticNetOptions {
  readonly columns: readonly DesignColumn[];
  /** One per row: a number, 0 or 1, or a class from 0 up. */
  readonly labels: ArrayLike<number>;
  /** How much each row's loss counts; all 1 unless given. */
  readonly weights?: ArrayLike<number> | undefined;
  readonly task: LabelTask;
  /** Weight of the sum of absolute coefficients, against the weighted sum of the rows' losses. */
  readonly l1: number;
  /** Weight of half the sum of squared coefficients, likewise. */
  readonly l2: number;
  /** Largest violation of the optimality conditions per unit of weight at which the fit stops. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  /** After each iteration: the objective per unit of weight, and the fit so far, which goes on changing. */
  readonly onIteration?: (
    iteration: number,
    objective: number,
    fit: Pick<ElasticNetFit, 'coefficients' | 'intercepts'>,
  ) => void;
}

export interface ElasticNetFit {
  /** [output][column], in the columns' own scale (of standardised columns: per deviation). */
  readonly coefficients: readonly Float64Array[];
  readonly intercepts: Float64Array;
  readonly iterations: number;
  /** Largest violation of the optimality conditions, per unit of weight. */
  readonly violation: number;
  readonly converged: boolean;
}

const PASSES = 100;
const HALVINGS = 30;
/** Near the optimum a step may win less than a sum over the rows can tell; only the optimality conditions can. */
const ROUNDING = 1e-14;
const STALLED_ITERATIONS = 10;

/**
 * Elastic net by proximal Newton: a quadratic model of the loss per output, minimised by coordinate descent over the columns
 * that may move, then a backtracking line search on the true objective (Friedman, Hastie, Tibshirani 2010, "Regularization
 * paths for generalized linear models via coordinate descent"; Lee, Sun, Saunders 2014). It stops by the optimality (KKT)
 * conditions, not by how little the last step changed.
 */
export function fitElasticNet(options: ElasticNetOptions): ElasticNetFit {
  const { columns, l1, l2, task } = options;
  const rows = options.labels.length;
  if (!(l1 >= 0 && l2 >= 0 && Number.isFinite(l1 + l2)))
    throw new FalajError('BAD_INPUT', 'A penalty is a number from 0 up.', { details: { l1, l2 } });
  const weights = Float64Array.from({ length: rows }, (_, row) => options.weights?.[row] ?? 1);
  const mass = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(mass > 0)) throw new FalajError('NO_ROWS', 'There is no row with a weight above 0 to learn from.');
  const family = familyOf(task, options.labels, weights);
  const coefficients = Array.from({ length: family.outputs }, () => new Float64Array(columns.length));
  const intercepts = family.startingIntercepts();
  const scores = Array.from(intercepts, (intercept) => new Float64Array(rows).fill(intercept));
  const penalty = (): number => {
    let sum = 0;
    for (const output of coefficients)
      for (const value of output) sum += l1 * Math.abs(value) + (l2 / 2) * value * value;
    return sum;
  };
  const tolerance = options.tolerance ?? 1e-7;
  const maxIterations = options.maxIterations ?? 1000;
  const residual = new Float64Array(rows);
  const curvature = new Float64Array(rows);
  let objective = family.loss(scores) + penalty();
  let violation = Number.POSITIVE_INFINITY;
  let least = violation;
  let stalled = 0;
  let iteration = 0;
  while (iteration < maxIterations) {
    violation = 0;
    let moved = false;
    for (let output = 0; output < family.outputs; output++) {
      family.derivatives(scores, output, residual, curvature);
      const state = coefficients[output]!;
      violation = Math.max(violation, kktViolation(columns, state, residual, l1, l2) / mass);
      if (violation <= tolerance && family.outputs === 1) break;
      const step = quadraticStep(columns, state, residual, curvature, l1, l2, (tolerance * mass) / 10);
      const change = new Float64Array(rows).fill(step.intercept);
      for (const [index, column] of columns.entries())
        if (step.coefficients[index] !== 0) addColumn(column, step.coefficients[index]!, change, null);
      const found = search(family, scores, output, change, state, intercepts, step, penalty, objective);
      if (found !== null) {
        objective = found;
        moved = true;
      }
    }
    if (violation <= tolerance) break;
    iteration++;
    options.onIteration?.(iteration, objective / mass, { coefficients, intercepts });
    stalled = violation < least ? 0 : stalled + 1;
    least = Math.min(least, violation);
    if (!moved || stalled === STALLED_ITERATIONS) break;
  }
  if (family.outputs > 1) centre(intercepts);
  return {
    coefficients,
    intercepts,
    iterations: iteration,
    violation,
    converged: violation <= tolerance * 10,
  };
}

interface Step {
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

/** The largest distance of a coordinate's gradient from the subgradient of its penalty; the intercept has none. */
function kktViolation(
  columns: readonly DesignColumn[],
  state: Float64Array,
  residual: Float64Array,
  l1: number,
  l2: number,
): number {
  let worst = Math.abs(residual.reduce((sum, value) => sum + value, 0));
  for (const [index, column] of columns.entries()) {
    const value = state[index]!;
    const gradient = columnDot(column, residual) - l2 * value;
    const gap =
      value === 0 ? Math.max(0, Math.abs(gradient) - l1) : Math.abs(gradient - l1 * Math.sign(value));
    if (gap > worst) worst = gap;
  }
  return worst;
}

/** Minimises the quadratic model around the state by coordinate descent; inner passes go over the moving columns alone. */
function quadraticStep(
  columns: readonly DesignColumn[],
  state: Float64Array,
  gradientRows: Float64Array,
  curvature: Float64Array,
  l1: number,
  l2: number,
  tolerance: number,
): Step {
  const residual = gradientRows.slice();
  const steps = new Float64Array(columns.length);
  const squares = Float64Array.from(columns, (column) => columnSquares(column, curvature));
  const total = curvature.reduce((sum, value) => sum + value, 0);
  let intercept = 0;
  let active: number[] = [...columns.keys()];
  for (let pass = 0; pass < PASSES; pass++) {
    let largest = 0;
    const shift = residual.reduce((sum, value) => sum + value, 0) / total;
    if (Number.isFinite(shift) && shift !== 0) {
      intercept += shift;
      for (let row = 0; row < residual.length; row++) residual[row]! -= shift * curvature[row]!;
      largest = Math.abs(shift) * total;
    }
    for (const index of active) {
      const denominator = squares[index]! + l2;
      if (denominator <= 0) continue;
      const now = state[index]! + steps[index]!;
      const pull = columnDot(columns[index]!, residual) - l2 * now + denominator * now;
      const next = (Math.sign(pull) * Math.max(0, Math.abs(pull) - l1)) / denominator;
      const change = next - now;
      if (change === 0) continue;
      steps[index]! += change;
      addColumn(columns[index]!, -change, residual, curvature);
      largest = Math.max(largest, Math.abs(change) * denominator);
    }
    if (largest <= tolerance) {
      if (active.length === columns.length) break;
      active = [...columns.keys()];
    } else if (active.length === columns.length && pass > 0) {
      active = active.filter((index) => state[index]! + steps[index]! !== 0);
    }
  }
  return { coefficients: steps, intercept };
}

/** Takes the longest of 1, ½, ¼ … of a step that lowers the objective, and returns it there; null where none does. */
function search(
  family: Family,
  scores: readonly Float64Array[],
  output: number,
  change: Float64Array,
  state: Float64Array,
  intercepts: Float64Array,
  step: Step,
  penalty: () => number,
  before: number,
): number | null {
  const [oldState, oldIntercept, oldScores] = [state.slice(), intercepts[output]!, scores[output]!.slice()];
  for (let halving = 0, length = 1; halving < HALVINGS; halving++, length /= 2) {
    for (let index = 0; index < state.length; index++)
      state[index] = oldState[index]! + length * step.coefficients[index]!;
    intercepts[output] = oldIntercept + length * step.intercept;
    const target = scores[output]!;
    for (let row = 0; row < target.length; row++) target[row] = oldScores[row]! + length * change[row]!;
    const objective = family.loss(scores) + penalty();
    if (objective <= before + ROUNDING * Math.abs(before)) return objective;
  }
  state.set(oldState);
  intercepts[output] = oldIntercept;
  scores[output]!.set(oldScores);
  return null;
}

/** Class scores are known up to a constant: the one with mean 0. */
function centre(intercepts: Float64Array): void {
  const mean = intercepts.reduce((sum, value) => sum + value, 0) / intercepts.length;
  for (let output = 0; output < intercepts.length; output++) intercepts[output]! -= mean;
}
