import { FalajError } from '../../shared/errors.ts';
import type { LabelTask } from '../labels/index.ts';
import type { MatrixRows } from './matrix-rows.ts';
import { minimise } from './minimise.ts';
import { BLOCK_ROWS, type LinearModel, linkBlock, scoreBlock } from './model.ts';
import type { FitLinearOptions } from './options.ts';

/**
 * Logistic, multinomial or ridge regression by L-BFGS. A block of rows is gone through column by column, so that it stays in
 * the cache; nothing of the matrix is copied. A point is the standardised coefficients of each output, then its intercept.
 */
export function fitSmooth(options: FitLinearOptions): LinearModel {
  const { data, labels, weights, task, l2 } = options;
  const { features, from, to } = data;
  const outputs = task.kind === 'multiclass' ? task.classes : 1;
  const width = features + 1;
  const { means, deviations } = standardisation(data, weights);
  const weightOf = (row: number): number => (weights === undefined ? 1 : weights[row]!);
  let mass = 0;
  for (let row = from; row < to; row++) mass += weightOf(row);
  const toModel = (point: Float64Array): LinearModel => ({
    task,
    weights: Array.from({ length: outputs }, (_, output) =>
      Float64Array.from(
        { length: features },
        (_, feature) => point[output * width + feature]! / deviations[feature]!,
      ),
    ),
    intercepts: Float64Array.from({ length: outputs }, (_, output) => point[output * width + features]!),
    means,
  });
  const scores = Array.from({ length: outputs }, () => new Float64Array(BLOCK_ROWS));
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    const model = toModel(point);
    gradient.fill(0);
    let loss = 0;
    for (let start = from; start < to; start += BLOCK_ROWS) {
      const end = Math.min(to, start + BLOCK_ROWS);
      scoreBlock(model, data, start, end, scores);
      loss += scoresToErrors(task, labels, weights, start, end, scores);
      for (const [output, errors] of scores.entries()) {
        let sum = 0;
        for (let row = 0; row < end - start; row++) sum += errors[row]!;
        gradient[output * width + features]! += sum;
        for (let feature = 0; feature < features; feature++)
          gradient[output * width + feature]! +=
            columnProduct(data, feature, start, end, means[feature]!, errors) / deviations[feature]!;
      }
    }
    for (let output = 0; output < outputs; output++) {
      for (let feature = 0; feature < features; feature++) {
        const at = output * width + feature;
        loss += (l2 * point[at]! ** 2) / 2;
        gradient[at] = (gradient[at]! + l2 * point[at]!) / mass;
      }
      gradient[output * width + features]! /= mass;
    }
    return loss / mass;
  };
  const start = new Float64Array(outputs * width);
  for (const [output, intercept] of startingIntercepts(task, labels, weightOf, from, to).entries())
    start[output * width + features] = intercept;
  const point = minimise(objective, start, {
    maxIterations: options.maxIterations,
    onIteration: (iteration, loss, at) => options.onIteration?.(iteration, loss, toModel(at)),
  });
  return toModel(point);
}

/** Turns each score into the derivative of its row's weighted loss, and returns the sum of those losses. */
function scoresToErrors(
  task: LabelTask,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  start: number,
  end: number,
  scores: readonly Float64Array[],
): number {
  const [first] = scores;
  let loss = 0;
  const weightOf = (row: number): number => (weights === undefined ? 1 : weights[row]!);
  if (task.kind === 'regression') {
    for (let row = start; row < end; row++) {
      const error = first![row - start]! - labels[row]!;
      loss += (weightOf(row) * error * error) / 2;
      first![row - start] = weightOf(row) * error;
    }
    return loss;
  }
  if (task.kind === 'binary') {
    const own = first!;
    for (let row = start; row < end; row++) {
      const score = own[row - start]!;
      const label = labels[row]!;
      const weight = weights === undefined ? 1 : weights[row]!;
      // One exponential serves the chance and the loss.
      const power = Math.exp(-Math.abs(score));
      const chance = score >= 0 ? 1 / (1 + power) : power / (1 + power);
      loss += weight * (Math.max(score, 0) - score * label + Math.log1p(power));
      own[row - start] = weight * (chance - label);
    }
    return loss;
  }
  for (let row = start; row < end; row++) {
    let top = Number.NEGATIVE_INFINITY;
    for (const own of scores) top = Math.max(top, own[row - start]!);
    let sum = 0;
    for (const own of scores) sum += Math.exp(own[row - start]! - top);
    loss += weightOf(row) * (top + Math.log(sum) - scores[labels[row]!]![row - start]!);
  }
  linkBlock(task, scores, end - start);
  for (const [output, own] of scores.entries())
    for (let row = start; row < end; row++)
      own[row - start] = weightOf(row) * (own[row - start]! - (labels[row] === output ? 1 : 0));
  return loss;
}

function columnProduct(
  { matrix, rows }: MatrixRows,
  feature: number,
  start: number,
  end: number,
  mean: number,
  errors: Float64Array,
): number {
  const offset = feature * rows;
  let sum = 0;
  for (let row = start; row < end; row++) {
    const value = matrix[offset + row]!;
    sum += !Number.isNaN(value) ? errors[row - start]! * (value - mean) : 0;
  }
  return sum;
}

/** Weighted mean and standard deviation of each feature's present values; a constant or empty feature counts as spread 1. */
function standardisation(
  { matrix, rows, features, from, to }: MatrixRows,
  weights: ArrayLike<number> | undefined,
): { means: Float64Array; deviations: Float64Array } {
  const means = new Float64Array(features);
  const deviations = new Float64Array(features);
  for (let feature = 0; feature < features; feature++) {
    const offset = feature * rows;
    let [sum, mass] = [0, 0];
    for (let row = from; row < to; row++) {
      const value = matrix[offset + row]!;
      if (Number.isNaN(value)) continue;
      const weight = weights === undefined ? 1 : weights[row]!;
      sum += weight * value;
      mass += weight;
    }
    if (!Number.isFinite(sum))
      throw new FalajError('BAD_INPUT', `Feature ${feature + 1} is infinite in some row.`, {
        hint: 'Make it missing, or cap it, in an expression.',
        details: { feature },
      });
    const mean = mass === 0 ? 0 : Math.fround(sum / mass);
    let squares = 0;
    for (let row = from; row < to; row++) {
      const value = matrix[offset + row]!;
      if (!Number.isNaN(value)) squares += (weights === undefined ? 1 : weights[row]!) * (value - mean) ** 2;
    }
    means[feature] = mean;
    deviations[feature] = mass === 0 || squares === 0 ? 1 : Math.sqrt(squares / mass);
  }
  return { means, deviations };
}

/** Scores that fit best without any feature. */
function startingIntercepts(
  task: LabelTask,
  labels: ArrayLike<number>,
  weightOf: (row: number) => number,
  from: number,
  to: number,
): number[] {
  if (task.kind === 'multiclass') {
    // One imaginary row spread over all classes: a class that has none gets a finite score.
    const counts = new Array<number>(task.classes).fill(1 / task.classes);
    let mass = 1;
    for (let row = from; row < to; row++) {
      counts[labels[row]!]! += weightOf(row);
      mass += weightOf(row);
    }
    return counts.map((count) => Math.log(count / mass));
  }
  let [sum, mass] = [0, 0];
  for (let row = from; row < to; row++) {
    sum += weightOf(row) * labels[row]!;
    mass += weightOf(row);
  }
  const mean = sum / mass;
  return [task.kind === 'binary' ? Math.log(mean / (1 - mean)) : mean];
}
