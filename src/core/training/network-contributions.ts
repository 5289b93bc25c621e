import { sampledShapley } from '../../numerics/importance/index.ts';
import type { MatrixRows } from '../../numerics/linear/index.ts';
import type { Contributions } from './fitted-model.ts';

/** Multiplications that the values may cost: about a second. */
const MOST_WORK = 1_000_000_000;
/** Rows explained, tried in turn: many, or fewer where many would leave too little background. */
const ROW_CHOICES = [200, 50, 20];
const MOST_BACKGROUND = 32;
/** Values over less background say more of those rows than of the model. */
const LEAST_BACKGROUND = 8;

export interface SampledModel {
  /** Multiplications of one score. */
  readonly workPerRow: number;
  readonly outputs: number;
  readonly score: (rows: MatrixRows) => Float64Array;
}

/**
 * Sampled Shapley values of the first rows, over rows from the training part evenly apart; null where so many features
 * make it long on even a few rows.
 *
 * @param training the rows the model has learned from
 */
export function sampledContributions(
  { workPerRow, outputs, score }: SampledModel,
  data: MatrixRows,
  training: MatrixRows,
  seed: number,
): Contributions | null {
  const { features } = data;
  // Two walks for each background row, and filling in the features costs as well.
  const workPerPair = 2 * (features + 1) * (workPerRow + features);
  const available = Math.min(MOST_BACKGROUND, training.to - training.from);
  for (const choice of ROW_CHOICES) {
    const rows = Math.min(choice, data.to - data.from);
    const count = Math.min(available, Math.floor(MOST_WORK / (rows * workPerPair)));
    if (count < Math.min(LEAST_BACKGROUND, available)) continue;
    const { base, contributions } = sampledShapley({
      data: { ...data, to: data.from + rows },
      background: spreadRows(training, count),
      score,
      outputs,
      seed,
    });
    return { rows, base, contributions };
  }
  return null;
}

function spreadRows({ matrix, rows, features, from, to }: MatrixRows, count: number): MatrixRows {
  const chosen = Array.from(
    { length: count },
    (_, at) => from + Math.floor(((at + 0.5) * (to - from)) / count),
  );
  return {
    matrix: Float32Array.from(
      { length: count * features },
      (_, at) => matrix[Math.floor(at / count) * rows + chosen[at % count]!]!,
    ),
    rows: count,
    features,
    from: 0,
    to: count,
  };
}
