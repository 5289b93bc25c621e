import type { MatrixRows } from '../../numerics/linear/index.ts';
import type { LearnRequest } from './worker-messages.ts';

/** All rows of a request, train, validation and test. */
export const matrixOf = ({ matrix, rows, featureNames }: LearnRequest): MatrixRows => ({
  matrix,
  rows,
  features: featureNames.length,
  from: 0,
  to: rows,
});
