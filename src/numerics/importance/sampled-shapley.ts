import type { MatrixRows } from '../linear/index.ts';
import { randomIndices, shuffle } from './random-order.ts';

export interface ShapleyOptions {
  /** The rows to explain. */
  readonly data: MatrixRows;
  /** What an absent feature is drawn from; each of its rows is used once for every row explained. */
  readonly background: MatrixRows;
  /** Scores of all rows of such a matrix, row by row, one per output. */
  readonly score: (data: MatrixRows) => Float64Array;
  readonly outputs: number;
  readonly seed: number;
}

export interface SampledShapley {
  /** Per output the mean score of the background. A row's contributions and this add up to its score. */
  readonly base: Float64Array;
  /** One matrix per output, row-major: feature f of row r is at `r * features + f`. */
  readonly contributions: readonly Float64Array[];
}

/**
 * Shapley values of any model's scores by sampled orders of the features (Štrumbelj and Kononenko 2014), in the sense of
 * Lundberg and Lee 2017: an absent feature takes the value of a background row. For every background row one order is
 * drawn and walked forwards and backwards, from the background row to the row explained, so that the values are exact for
 * models in which at most two features interact. The steps of a walk add up, so the values of a row do too: no residual
 * but rounding is left.
 */
export function sampledShapley({ score, ...options }: ShapleyOptions): SampledShapley {
  const walks = shapleyWalks(options);
  for (let step = walks.next(); ; step = walks.next(score(step.value)))
    if (step.done === true) return step.value;
}

/**
 * The same for whoever scores elsewhere: gives the rows to score, one matrix for each row explained, and is given their scores. The
 * matrix is the same each time, filled anew.
 */
export function* shapleyWalks({
  data,
  background,
  outputs,
  seed,
}: Omit<ShapleyOptions, 'score'>): Generator<MatrixRows, SampledShapley, Float64Array> {
  const { features } = data;
  const random = randomIndices(seed);
  const walks = 2 * (background.to - background.from);
  const steps = features + 1;
  const matrix = new Float32Array(walks * steps * features);
  const path: MatrixRows = { matrix, rows: walks * steps, features, from: 0, to: walks * steps };
  const orders = Array.from({ length: walks }, () => new Uint32Array(features));
  const rows = data.to - data.from;
  const contributions = Array.from({ length: outputs }, () => new Float64Array(rows * features));
  const base = new Float64Array(outputs);
  for (let row = 0; row < rows; row++) {
    drawOrders(orders, random);
    layPath(path, orders, { data, row: data.from + row, background });
    const scores = yield path;
    for (const [walk, order] of orders.entries())
      for (let output = 0; output < outputs; output++) {
        const at = (step: number): number => scores[(walk * steps + step) * outputs + output]!;
        // The same for every row explained: the first alone counts.
        if (row === 0) base[output]! += at(0) / walks;
        const ofOutput = contributions[output]!;
        for (let step = 0; step < features; step++)
          ofOutput[row * features + order[step]!]! += (at(step + 1) - at(step)) / walks;
      }
  }
  return { base, contributions };
}

/** Walks 2k and 2k + 1 follow one order, forwards and backwards. */
function drawOrders(orders: readonly Uint32Array[], random: (below: number) => number): void {
  for (let walk = 0; walk < orders.length; walk += 2) {
    const order = orders[walk]!;
    for (let feature = 0; feature < order.length; feature++) order[feature] = feature;
    shuffle(order, random);
    orders[walk + 1]!.set(order);
    orders[walk + 1]!.reverse();
  }
}

/** Every step of every walk as a row: features passed have the explained row's value, the others the background's. */
function layPath(
  { matrix, rows, features }: MatrixRows,
  orders: readonly Uint32Array[],
  {
    data,
    row,
    background,
  }: { readonly data: MatrixRows; readonly row: number; readonly background: MatrixRows },
): void {
  for (const [walk, order] of orders.entries())
    for (const [step, feature] of order.entries()) {
      const start = feature * rows + walk * (features + 1);
      const absent = background.matrix[feature * background.rows + background.from + (walk >> 1)]!;
      matrix.fill(absent, start, start + step + 1);
      matrix.fill(data.matrix[feature * data.rows + row]!, start + step + 1, start + features + 1);
    }
}
