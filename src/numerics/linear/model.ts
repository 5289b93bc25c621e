import type { LabelTask } from '../labels/index.ts';
import type { MatrixRows } from './matrix-rows.ts';

/** Scores that are sums of the features' parts: one, or one per class. */
export interface LinearModel {
  readonly task: LabelTask;
  /** [output][feature]: per unit of the feature, after its mean is taken off. */
  readonly weights: readonly Float64Array[];
  /** One per output. */
  readonly intercepts: Float64Array;
  /** Means of the training rows: what a missing value counts as. Representable in float32. */
  readonly means: Float64Array;
}

/** Rows that are scored at a time: their scores stay in the cache. */
export const BLOCK_ROWS = 2048;

/** Chances of a yes, or of each class row by row, else predicted values, for the rows of `data`. */
export function predictLinear(model: LinearModel, data: MatrixRows): Float64Array {
  const outputs = model.weights.length;
  const predictions = new Float64Array((data.to - data.from) * outputs);
  const scores = model.weights.map(() => new Float64Array(BLOCK_ROWS));
  for (let start = data.from; start < data.to; start += BLOCK_ROWS) {
    const end = Math.min(data.to, start + BLOCK_ROWS);
    scoreBlock(model, data, start, end, scores);
    linkBlock(model.task, scores, end - start);
    for (const [output, own] of scores.entries())
      for (let row = start; row < end; row++)
        predictions[(row - data.from) * outputs + output] = own[row - start]!;
  }
  return predictions;
}

/** Scores of the rows [start, end): one list per output. Gone through column by column, so that the block stays in the cache. */
export function scoreBlock(
  { weights, intercepts, means }: LinearModel,
  { matrix, rows, features }: MatrixRows,
  start: number,
  end: number,
  scores: readonly Float64Array[],
): void {
  for (const [output, own] of scores.entries()) {
    own.fill(intercepts[output]!, 0, end - start);
    for (let feature = 0; feature < features; feature++) {
      const weight = weights[output]![feature]!;
      const mean = means[feature]!;
      const offset = feature * rows;
      for (let row = start; row < end; row++) {
        const value = matrix[offset + row]!;
        own[row - start]! += !Number.isNaN(value) ? weight * (value - mean) : 0;
      }
    }
  }
}

/** Scores become predictions, in place: by the logistic function, softmax, or as they are. */
export function linkBlock(task: LabelTask, scores: readonly Float64Array[], count: number): void {
  if (task.kind === 'regression') return;
  if (task.kind === 'binary') {
    const [own] = scores;
    for (let row = 0; row < count; row++) own![row] = 1 / (1 + Math.exp(-own![row]!));
    return;
  }
  for (let row = 0; row < count; row++) {
    let top = Number.NEGATIVE_INFINITY;
    for (const own of scores) top = Math.max(top, own[row]!);
    let sum = 0;
    for (const own of scores) {
      own[row] = Math.exp(own[row]! - top);
      sum += own[row]!;
    }
    for (const own of scores) own[row]! /= sum;
  }
}
