import { permutationImportance } from '../../numerics/importance/index.ts';
import type { MatrixRows } from '../../numerics/linear/index.ts';
import { lossOf } from './evaluate.ts';
import type { RowRange } from './fitted-model.ts';
import { matrixOf } from './matrix-of.ts';
import type { LearnRequest } from './worker-messages.ts';

/** Multiplications that the figures of all features may cost: about a second. */
const MOST_WORK = 1_000_000_000;
const MOST_ROWS = 2000;
/** Fewer rows tell nothing. */
const LEAST_ROWS = 20;
const REPEATS = 3;

/**
 * By how much the loss grows when each feature is shuffled among the first rows of a range; null where so many features make
 * it long on even a few rows.
 *
 * @param workPerRow multiplications of one prediction
 */
export function permutedLoss(
  request: LearnRequest,
  { from, to }: RowRange,
  workPerRow: number,
  predict: (rows: MatrixRows) => Float64Array,
): Float64Array | null {
  const all = matrixOf(request);
  const rows = Math.min(to - from, MOST_ROWS, Math.floor(MOST_WORK / (all.features * REPEATS * workPerRow)));
  if (rows < Math.min(LEAST_ROWS, to - from)) return null;
  const labels = request.labels.subarray(from, from + rows);
  return permutationImportance({
    data: { ...all, from, to: from + rows },
    loss: (shuffled) => lossOf(request.task, labels, predict(shuffled)),
    repeats: REPEATS,
    seed: request.seed,
  }).increase;
}
