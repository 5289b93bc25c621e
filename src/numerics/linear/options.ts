import type { LabelTask } from '../labels/index.ts';
import type { MatrixRows } from './matrix-rows.ts';
import type { LinearModel } from './model.ts';

export interface FitLinearOptions {
  readonly data: MatrixRows;
  /** One per row of the whole matrix: a number, 0 or 1, or a class from 0 up. */
  readonly labels: ArrayLike<number>;
  /** How much each row of the whole matrix counts, from 0 up; all the same unless given. */
  readonly weights?: ArrayLike<number> | undefined;
  readonly task: LabelTask;
  /** Weight of half the squared standardised coefficients, against the sum of the rows' losses. */
  readonly l2: number;
  /** Weight of the absolute standardised coefficients, likewise; above 0 the model drops features that help little. */
  readonly l1?: number;
  readonly maxIterations: number;
  /** Mean loss per unit of weight after each iteration. */
  readonly onIteration?: (iteration: number, loss: number, model: LinearModel) => void;
}
