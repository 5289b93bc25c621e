import { FalajError } from '../../shared/errors.ts';
import { averagePrecision, confusionMatrix } from './classification.ts';
import { auc } from './ranking.ts';

const LEAST_CHANCE = 1e-15;

export interface MulticlassFigures {
  readonly accuracy: number;
  /** Mean negative log-likelihood in nats. */
  readonly logloss: number;
  /** Means over the classes that the labels have, each class alike. */
  readonly macroF1: number;
  readonly macroAuc: number;
  readonly macroPrAuc: number;
  /** [truth][prediction] */
  readonly confusion: readonly Float64Array[];
  /** AUC of each class against all others; NaN where the labels have none or nothing else. */
  readonly aucByClass: Float64Array;
}

/**
 * Figures of a classifier of several classes.
 *
 * @param labels classes from 0 up
 * @param probabilities row-major, one column per class
 */
export function measureMulticlass(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): MulticlassFigures {
  const rows = labels.length;
  if (probabilities.length !== rows * classes)
    throw new FalajError('BAD_INPUT', 'A metric needs one probability per row and class.', {
      details: { rows, classes, probabilities: probabilities.length },
    });
  const predicted = new Float64Array(rows);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let k = 1; k < classes; k++)
      if (probabilities[row * classes + k]! > probabilities[row * classes + best]!) best = k;
    predicted[row] = best;
    loss -= Math.log(Math.max(LEAST_CHANCE, probabilities[row * classes + labels[row]!]!));
  }
  const confusion = confusionMatrix(labels, predicted, classes);
  const f1: number[] = [];
  const precisions: number[] = [];
  const aucByClass = new Float64Array(classes);
  let correct = 0;
  for (let k = 0; k < classes; k++) {
    const own = Float64Array.from({ length: rows }, (_, row) => (labels[row] === k ? 1 : 0));
    const scores = Float64Array.from({ length: rows }, (_, row) => probabilities[row * classes + k]!);
    aucByClass[k] = auc(own, scores);
    const hits = confusion[k]![k]!;
    correct += hits;
    const truths = confusion[k]!.reduce((sum, count) => sum + count, 0);
    if (truths === 0) continue;
    const answers = confusion.reduce((sum, counts) => sum + counts[k]!, 0);
    f1.push((2 * hits) / (truths + answers));
    precisions.push(averagePrecision(own, scores));
  }
  return {
    accuracy: correct / rows,
    logloss: loss / rows,
    macroF1: mean(f1),
    macroAuc: mean([...aucByClass].filter((value) => !Number.isNaN(value))),
    macroPrAuc: mean(precisions),
    confusion,
    aucByClass,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
