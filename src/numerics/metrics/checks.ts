import { FalajError } from '../../shared/errors.ts';

/** One label and one prediction per row, predictions being numbers. */
export function checkPairs(labels: ArrayLike<number>, predictions: ArrayLike<number>): void {
  if (labels.length !== predictions.length) {
    throw new FalajError('BAD_INPUT', 'A metric needs one prediction per label.', {
      details: { labels: labels.length, predictions: predictions.length },
    });
  }
  for (let row = 0; row < predictions.length; row++) {
    if (Number.isNaN(predictions[row]!)) {
      throw new FalajError('BAD_INPUT', 'A prediction is not a number.', { details: { row } });
    }
  }
}
