import type { MatrixRows } from '../linear/index.ts';
import { randomIndices, shuffle } from './random-order.ts';

export interface PermutationOptions {
  /** Rows that the model has not learned from; at least two for anything to change. */
  readonly data: MatrixRows;
  /** The loss of the model's predictions for all rows of such a matrix, in their order. */
  readonly loss: (data: MatrixRows) => number;
  /** How often each feature is shuffled. */
  readonly repeats: number;
  readonly seed: number;
}

export interface PermutationImportance {
  readonly loss: number;
  /** Per feature: by how much the loss grows when its values are shuffled among the rows; the mean of all repeats. */
  readonly increase: Float64Array;
  /** The repeats' standard deviation. */
  readonly deviation: Float64Array;
}

/** How much a model of any kind relies on each feature (Breiman 2001; Fisher, Rudin and Dominici 2019). */
export function permutationImportance({
  data,
  loss,
  repeats,
  seed,
}: PermutationOptions): PermutationImportance {
  const rows = data.to - data.from;
  const matrix = new Float32Array(rows * data.features);
  const columnOf = (feature: number): Float32Array =>
    data.matrix.subarray(feature * data.rows + data.from, feature * data.rows + data.to);
  for (let feature = 0; feature < data.features; feature++) matrix.set(columnOf(feature), feature * rows);
  const copy: MatrixRows = { matrix, rows, features: data.features, from: 0, to: rows };
  const undisturbed = loss(copy);
  const random = randomIndices(seed);
  const increase = new Float64Array(data.features);
  const deviation = new Float64Array(data.features);
  for (let feature = 0; feature < data.features; feature++) {
    const column = matrix.subarray(feature * rows, (feature + 1) * rows);
    const increases = Array.from({ length: repeats }, () => {
      shuffle(column, random);
      return loss(copy) - undisturbed;
    });
    column.set(columnOf(feature));
    const mean = increases.reduce((sum, one) => sum + one, 0) / repeats;
    increase[feature] = mean;
    deviation[feature] = Math.sqrt(increases.reduce((sum, one) => sum + (one - mean) ** 2, 0) / repeats);
  }
  return { loss: undisturbed, increase, deviation };
}
