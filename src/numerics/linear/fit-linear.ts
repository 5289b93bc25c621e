import { standardisedColumns } from './design.ts';
import { type ElasticNetFit, fitElasticNet } from './elastic-net.ts';
import type { MatrixRows } from './matrix-rows.ts';
import { minimise } from './minimise.ts';

export interface LinearModel {
  readonly task: 'binary' | 'regression';
  /** Per unit of each feature, after its mean is taken off. */
  readonly weights: Float64Array;
  readonly intercept: number;
  /** Means of the training rows: what a missing value counts as. Representable in float32. */
  readonly means: Float64Array;
}

export interface FitLinearOptions {
  readonly data: MatrixRows;
  /** One per row of the whole matrix. */
  readonly labels: ArrayLike<number>;
  readonly task: 'binary' | 'regression';
  /** Weight of half the squared standardised coefficients, against the sum of the rows' losses. */
  readonly l2: number;
  /** Weight of the absolute standardised coefficients, likewise; above 0 the model drops features that help little. */
  readonly l1?: number;
  readonly maxIterations: number;
  /** Mean loss per row after each iteration. */
  readonly onIteration?: (iteration: number, loss: number, model: LinearModel) => void;
}

const BLOCK_ROWS = 2048;

/** Logistic or linear regression on standardised features: by L-BFGS, or with an l1 penalty by coordinate descent. */
export const fitLinear = (options: FitLinearOptions): LinearModel =>
  (options.l1 ?? 0) > 0 ? fitSparse(options) : fitSmooth(options);

function fitSparse({
  data,
  labels,
  task,
  l1 = 0,
  l2,
  maxIterations,
  onIteration,
}: FitLinearOptions): LinearModel {
  const columns = standardisedColumns(data);
  const own = Float64Array.from({ length: data.to - data.from }, (_, row) => labels[data.from + row]!);
  const scaleOf = (index: number): number => {
    const column = columns[index]!;
    return column.kind === 'dense' ? column.deviation : 1;
  };
  const means = Float64Array.from(columns, (column) => (column.kind === 'dense' ? column.mean : 0));
  const toModel = ({
    coefficients,
    intercepts,
  }: Pick<ElasticNetFit, 'coefficients' | 'intercepts'>): LinearModel => ({
    task,
    weights: coefficients[0]!.map((value, index) => value / scaleOf(index)),
    intercept: intercepts[0]!,
    means,
  });
  const fit = fitElasticNet({
    columns,
    labels: own,
    task: { kind: task },
    l1,
    l2,
    maxIterations,
    onIteration: (iteration, loss, at) => onIteration?.(iteration, loss, toModel(at)),
  });
  return toModel(fit);
}

/**
 * Logistic or ridge regression by L-BFGS. A block of rows is gone through column by column, so
 * that it stays in the cache; nothing of the matrix is copied.
 */
function fitSmooth(options: FitLinearOptions): LinearModel {
  const { data, labels, task, l2 } = options;
  const { features, from, to } = data;
  const count = to - from;
  const { means, deviations } = standardisation(data);
  const toModel = (point: Float64Array): LinearModel => ({
    task,
    weights: Float64Array.from({ length: features }, (_, feature) => point[feature]! / deviations[feature]!),
    intercept: point[features]!,
    means,
  });
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    const model = toModel(point);
    gradient.fill(0);
    const scores = new Float64Array(BLOCK_ROWS);
    let loss = 0;
    for (let start = from; start < to; start += BLOCK_ROWS) {
      const end = Math.min(to, start + BLOCK_ROWS);
      scoreBlock(model, data, start, end, scores);
      let errors = 0;
      for (let row = start; row < end; row++) {
        const label = labels[row]!;
        const score = scores[row - start]!;
        let error: number;
        if (task === 'binary') {
          error = 1 / (1 + Math.exp(-score)) - label;
          loss += Math.max(score, 0) - score * label + Math.log1p(Math.exp(-Math.abs(score)));
        } else {
          error = score - label;
          loss += (error * error) / 2;
        }
        scores[row - start] = error;
        errors += error;
      }
      gradient[features]! += errors;
      for (let feature = 0; feature < features; feature++) {
        gradient[feature]! +=
          columnProduct(data, feature, start, end, means[feature]!, scores) / deviations[feature]!;
      }
    }
    for (let feature = 0; feature < features; feature++) {
      loss += (l2 * point[feature]! ** 2) / 2;
      gradient[feature] = (gradient[feature]! + l2 * point[feature]!) / count;
    }
    gradient[features]! /= count;
    return loss / count;
  };
  const start = new Float64Array(features + 1);
  start[features] = startingIntercept(labels, from, to, task);
  const point = minimise(objective, start, {
    maxIterations: options.maxIterations,
    onIteration: (iteration, loss, at) => options.onIteration?.(iteration, loss, toModel(at)),
  });
  return toModel(point);
}

/** Probabilities of a classifier, else predicted values, for the rows of `data`. */
export function predictLinear(model: LinearModel, data: MatrixRows): Float64Array {
  const predictions = new Float64Array(data.to - data.from);
  const scores = new Float64Array(BLOCK_ROWS);
  for (let start = data.from; start < data.to; start += BLOCK_ROWS) {
    const end = Math.min(data.to, start + BLOCK_ROWS);
    scoreBlock(model, data, start, end, scores);
    for (let row = start; row < end; row++) {
      const score = scores[row - start]!;
      predictions[row - data.from] = model.task === 'binary' ? 1 / (1 + Math.exp(-score)) : score;
    }
  }
  return predictions;
}

function scoreBlock(
  model: LinearModel,
  { matrix, rows, features }: MatrixRows,
  start: number,
  end: number,
  scores: Float64Array,
): void {
  scores.fill(model.intercept, 0, end - start);
  for (let feature = 0; feature < features; feature++) {
    const weight = model.weights[feature]!;
    const mean = model.means[feature]!;
    const offset = feature * rows;
    for (let row = start; row < end; row++) {
      const value = matrix[offset + row]!;
      scores[row - start]! += !Number.isNaN(value) ? weight * (value - mean) : 0;
    }
  }
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

/** Mean and standard deviation of each feature's present values; a constant or empty feature counts as spread 1. */
function standardisation({ matrix, rows, features, from, to }: MatrixRows): {
  means: Float64Array;
  deviations: Float64Array;
} {
  const means = new Float64Array(features);
  const deviations = new Float64Array(features);
  for (let feature = 0; feature < features; feature++) {
    const offset = feature * rows;
    let sum = 0;
    let present = 0;
    for (let row = from; row < to; row++) {
      const value = matrix[offset + row]!;
      if (!Number.isNaN(value)) {
        sum += value;
        present++;
      }
    }
    const mean = present === 0 ? 0 : Math.fround(sum / present);
    let squares = 0;
    for (let row = from; row < to; row++) {
      const value = matrix[offset + row]!;
      if (!Number.isNaN(value)) squares += (value - mean) ** 2;
    }
    means[feature] = mean;
    deviations[feature] = present === 0 || squares === 0 ? 1 : Math.sqrt(squares / present);
  }
  return { means, deviations };
}

function startingIntercept(
  labels: ArrayLike<number>,
  from: number,
  to: number,
  task: 'binary' | 'regression',
): number {
  let sum = 0;
  for (let row = from; row < to; row++) sum += labels[row]!;
  const mean = sum / (to - from);
  return task === 'binary' ? Math.log(mean / (1 - mean)) : mean;
}
